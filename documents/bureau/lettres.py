"""Sending letters at the desk: what waits, a batch of it, and the day on which the batch left. One agent a letter."""

import logging
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Count, QuerySet
from django.utils.timezone import localdate

from documents.courriers.selectors import DITE_PARTIE
from documents.courriers.services import record_acheminement
from documents.models import AEnvoyer, Depart, DocumentEmis, Envoi, LettreDEnvoi
from documents.pdf.liasse import reunir
from documents.services import EMISSION
from dossier.bureau.ouvrables import ouvrable_sql
from dossier.feed import LigneRefusee
from dossier.journal import Acte, Motif, Pourquoi, Trace, noter
from dossier.services import GrandLivreIncoherent, rejoue_en_cas_de_conflit
from mespoints.lib.visiteur import Agent

logger = logging.getLogger(__name__)

PAR_ENVOI = 100
A_VERIFIER = "son grand livre est à vérifier"
#: That this agent may open, by the département of the dossier on the day of the letter; that no fact tells to be gone.
ATTENDENT = f"""
FROM documents_aenvoyer a JOIN documents_documentemis e ON e.id = a.document_id
JOIN dossier_lettre l ON l.id = e.lettre_id
WHERE {{ouvrable}} AND l.sans_objet_at IS NULL AND NOT {DITE_PARTIE}
"""
COMPTER = f"""
SELECT l.reference, count(*), min(e.emis_at), count(*) FILTER (WHERE e.contenu -> 'adresse' = '[]')
{ATTENDENT} GROUP BY l.reference ORDER BY l.reference
"""
#: Locked one by one: two agents at once take two different hundreds.
PRENDRE = f"""
SELECT a.document_id, e.dossier_id {ATTENDENT} ORDER BY a.document_id LIMIT %(combien)s FOR UPDATE OF a SKIP LOCKED
"""
DEJA_DITES = f"""
SELECT e.id FROM documents_documentemis e JOIN dossier_lettre l ON l.id = e.lettre_id
WHERE e.id = ANY(%s) AND {DITE_PARTIE}
"""  # noqa: S608 our own text


class DejaPartie(Exception):
    """Somebody has told already that this batch left."""


class Attente(NamedTuple):
    """What waits in a département: how many letters by reference, since when, and how many have no address."""

    references: list[tuple[str, int]]
    depuis: datetime | None
    sans_adresse: int

    @property
    def combien(self) -> int:
        return sum(combien for _, combien in self.references)


class Bilan(NamedTuple):
    """What became of the letters of a batch that left: recorded, told by the file already, refused and why."""

    inscrites: int
    deja_dites: int
    refusees: list[tuple[str, str]]  # the letter's number, the reason


def get_attente(agent: Agent) -> Attente:
    """The letters that wait for this agent's préfecture: one query, in the queue alone."""
    lignes = _lire(COMPTER, agent)
    depuis = min((ancienne for _, _, ancienne, _ in lignes), default=None)
    return Attente([(reference, n) for reference, n, _, _ in lignes], depuis, sum(vides for *_, vides in lignes))


def _lire(requete: str, agent: Agent) -> list[Any]:
    condition, valeurs = ouvrable_sql(agent, "a.departement", "e.dossier_id")
    with connection.cursor() as curseur:
        curseur.execute(requete.format(ouvrable=condition), valeurs | {"combien": PAR_ENVOI})
        return list(curseur.fetchall())


def list_envois_ouverts(agent: Agent) -> list[Any]:
    """The batches of the département whose departure nobody has told, the oldest first, each with ``combien``."""
    return list(_envois(agent).filter(depart=None).order_by("pk")[:50])


def get_envoi(agent: Agent, envoi_id: int) -> Envoi | None:
    """A batch of this agent's département, with ``combien`` and, once it left, ``depart``."""
    return _envois(agent).filter(pk=envoi_id).select_related("depart").first()


def _envois(agent: Agent) -> QuerySet[Envoi]:
    """Those that this agent may open: of the département, and without a letter to themselves as a driver."""
    envois = Envoi.objects.filter(departement=agent.departement).annotate(combien=Count("lignes"))
    if agent.dossier_id is None:
        return envois
    return envois.exclude(pk__in=LettreDEnvoi.objects.filter(document__dossier_id=agent.dossier_id).values("envoi"))


def lettres(envoi: Envoi) -> QuerySet[DocumentEmis]:
    """The letters of a batch, in its order, without their files; a 48SI that has lost its ground is out of it."""
    siennes = DocumentEmis.objects.filter(envoi__envoi=envoi, lettre__sans_objet_at=None)
    return siennes.defer("octets").order_by("pk")


@rejoue_en_cas_de_conflit
def preparer(agent: Agent) -> Envoi | None:
    """Take the oldest letters that wait, a hundred at most, into a batch; None when none waits."""
    prises = _prendre(agent)
    if not prises or agent.departement is None:
        return None
    envoi = Envoi.objects.create(departement=agent.departement, agent=agent.numero)
    LettreDEnvoi.objects.bulk_create([LettreDEnvoi(envoi=envoi, document_id=lettre) for lettre, _ in prises])
    AEnvoyer.objects.filter(pk__in=[lettre for lettre, _ in prises]).delete()
    _noter(agent, envoi, Acte.LETTRE, [dossier for _, dossier in prises])
    return envoi


def _prendre(agent: Agent) -> list[tuple[int, int]]:
    """The document and the dossier of each, locked for this transaction."""
    return _lire(PRENDRE, agent)


@rejoue_en_cas_de_conflit
def imprimer(agent: Agent, envoi: Envoi) -> bytes:
    """The file of a batch. Taken again, or by another agent than who prepared it that day, it is in the journal."""
    if envoi.agent != agent.numero or localdate(envoi.prepared_at) != localdate():
        _noter(agent, envoi, Acte.LETTRE, _dossiers(envoi))
    fichiers = lettres(envoi).defer(None).values_list("octets", flat=True)
    with EMISSION.place():
        return reunir(map(bytes, fichiers), titre=f"Lettres à envoyer, envoi n° {envoi.pk}")


@rejoue_en_cas_de_conflit
def dire_partie(agent: Agent, envoi: Envoi, *, jour: date) -> Bilan:
    """Record the day on which each letter of a batch was sent. Once: who comes second raises ``DejaPartie``.

    A letter of which the file already tells the sending is left as it is; one that its dossier refuses does not keep
    the others from being recorded.
    """
    _, premier = Depart.objects.get_or_create(envoi=envoi, defaults={"jour": jour, "agent": agent.numero})
    if not premier:
        raise DejaPartie
    documents = list(lettres(envoi).order_by("dossier_id", "pk"))  # in the order in which everybody locks dossiers
    dites = _deja_dites([document.pk for document in documents])
    a_dire = [document for document in documents if document.pk not in dites]
    refusees = [(d.numero, raison) for d in a_dire if (raison := _inscrire(d, jour))]
    _noter(agent, envoi, Acte.ENVOI, _dossiers(envoi))
    return Bilan(len(a_dire) - len(refusees), len(dites), refusees)


def _inscrire(document: DocumentEmis, jour: date) -> str:
    """Tell the dossier; why it refuses, in French, or nothing. Undone alone: the others' savepoints are their own."""
    try:
        record_acheminement(numero=document.numero, dates={"date_envoi": jour}, au=localdate())
    except LigneRefusee as refus:
        return refus.raison
    except GrandLivreIncoherent:
        logger.error("letter_not_recorded", extra={"document_id": document.pk, "dossier_id": document.dossier_id})
        return A_VERIFIER
    return ""


def _deja_dites(cles: Sequence[int]) -> set[int]:
    with connection.cursor() as curseur:
        curseur.execute(DEJA_DITES, [list(cles)])
        return {cle for (cle,) in curseur.fetchall()}


def _dossiers(envoi: Envoi) -> list[int]:
    return list(LettreDEnvoi.objects.filter(envoi=envoi).order_by("pk").values_list("document__dossier_id", flat=True))


def _noter(agent: Agent, envoi: Envoi, acte: str, dossiers: Sequence[int]) -> None:
    """A row for each letter: its holder reads that it was prepared, then that it was sent."""
    noter(agent, *[Trace(acte, dossier, Pourquoi(Motif.ENVOI, f"envoi n° {envoi.pk}")) for dossier in dossiers])
