"""Reading centres, sessions, announcements and attestations; and what staff must look into. Nothing here writes."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from dossier.models import Dossier
from dossier.rules.calendrier import UN_JOUR, plus_ans, plus_mois
from dossier.rules.parametres import STAGE_OBLIGATOIRE_MOIS
from dossier.rules.stage import Periode, limite_d_envoi, suites_des_ordres
from dossier.selectors import list_situations
from stages.models import AnnonceStage, Attestation, Centre, Session, VersionCentre
from stages.rules.lieux import departement_du_code_postal

CENTRES_PAR_PAGE = 20
SESSIONS_PAR_CENTRE = 3
PAGE_MAX = 500

#: The next sessions of each of some centres, by the index ``session_a_venir``: as many index reads as centres shown.
PROCHAINES = """
    SELECT s.* FROM unnest(%s::bigint[]) AS c (id) CROSS JOIN LATERAL (
        SELECT * FROM stages_session WHERE centre_id = c.id AND date_debut >= %s AND NOT annulee
        ORDER BY date_debut LIMIT %s) AS s
"""
#: The dossiers to which a 48N was notified in a span of days, by the index ``fait_48n``.
NOTIFIES = """
    SELECT DISTINCT dossier_id FROM dossier_fait
    WHERE type = 'lettre' AND contenu ->> 'reference' = '48N'
      AND COALESCE(contenu ->> 'date_notification', contenu ->> 'date_presentation') BETWEEN %s AND %s
    ORDER BY dossier_id
"""
LOT = 500
#: A 48N is looked for among those notified since: the whole of a délai probatoire.
ANNEES_48N = 3


class CentreTrouve(NamedTuple):
    """A centre and its next sessions."""

    centre: Centre
    sessions: list[Session]


class Recherche(NamedTuple):
    """A page of centres, by commune and name: no other order, none is preferred."""

    trouves: list[CentreTrouve]
    total: int
    numero: int
    combien: int


class Retard(NamedTuple):
    """A driver whom staff must look into, and why."""

    dossier_id: int
    neph: str
    nom: str
    departement: str
    date_fin: date | None  # of the course; None: not followed
    limite: date
    motif: str  # « 15 jours », « un mois », « manquant », « en retard »
    agrement: str = ""


# --- Centres and sessions ---------------------------------------------------------------------------------------------


def _agrees(au: date) -> QuerySet[Centre]:
    return Centre.objects.filter(retire_le=None, agree_du__lte=au, agree_au__gte=au)


def search_centres(*, au: date, departement: str, code_postal: str = "", depuis: date, numero: int = 1) -> Recherche:
    """The centres agréés on ``au`` in a département, or at a postcode of it, with their sessions from ``depuis``.

    Three queries, however many there are.
    """
    lieu = Q(code_postal=code_postal) if code_postal else Q(departement=departement)
    centres = _agrees(au).filter(lieu).order_by("commune", "nom", "id")
    total = centres.count()
    combien = max(1, -(-total // CENTRES_PAR_PAGE))
    numero = max(1, min(numero, combien, PAGE_MAX))
    rang = (numero - 1) * CENTRES_PAR_PAGE
    montres = list(centres[rang : rang + CENTRES_PAR_PAGE])
    sessions = list_prochaines_sessions([centre.pk for centre in montres], depuis=depuis)
    trouves = [CentreTrouve(centre, [s for s in sessions if s.centre_id == centre.pk]) for centre in montres]
    return Recherche(trouves, total, numero, combien)


def list_prochaines_sessions(centre_ids: Sequence[int], *, depuis: date) -> list[Session]:
    """The next sessions of these centres, three a centre, soonest first: one query."""
    if not centre_ids:
        return []
    lues = Session.objects.raw(PROCHAINES, [list(centre_ids), depuis, SESSIONS_PAR_CENTRE])
    return sorted(lues, key=lambda session: (session.date_debut, session.pk))


def get_centre(agrement: str) -> Centre | None:
    """The centre of this number (``lieux.lire_agrement``), agréé or not any more."""
    return Centre.objects.filter(agrement=agrement).first()


def list_periodes(agrement: str) -> list[Periode]:
    """Every period during which this number was agréé, as the lists have told it one after another."""
    centre = get_centre(agrement)
    if centre is None:
        return []
    contenus: list[dict[str, Any]] = list(
        VersionCentre.objects.filter(centre=centre).order_by("pk").values_list("contenu", flat=True)
    )
    passees = [_periode(*(_jour(c[champ]) for champ in ("agree_du", "agree_au", "retire_le"))) for c in contenus]
    return [*passees, _periode(centre.agree_du, centre.agree_au, centre.retire_le)]


def _periode(du: date | None, au: date | None, retire_le: date | None) -> Periode:
    assert du is not None and au is not None  # noqa: S101, PT018 both columns are filled
    return Periode(du, min(au, retire_le - UN_JOUR) if retire_le else au)


def _jour(iso: str | None) -> date | None:
    return date.fromisoformat(iso) if iso else None


# --- One driver -------------------------------------------------------------------------------------------------------


def list_annonces(dossier_id: int) -> list[AnnonceStage]:
    """The courses that this driver announced, last one first."""
    return list(AnnonceStage.objects.filter(dossier_id=dossier_id).order_by("-date_fin", "-pk"))


def list_attestations(dossier_id: int) -> list[Attestation]:
    """The attestations received for this driver, last course first."""
    return list(Attestation.objects.filter(dossier_id=dossier_id).order_by("-date_fin", "-pk"))


# --- For staff --------------------------------------------------------------------------------------------------------


def list_annonces_sans_attestation(*, au: date, departement: str = "") -> list[Retard]:
    """Announced courses without attestation, over fifteen days or a month after their end, oldest first.

    ``departement``: of the centre, whose préfet receives the attestation.
    """
    recues = Attestation.objects.filter(dossier=OuterRef("dossier"), date_fin=OuterRef("date_fin"))
    annonces = AnnonceStage.objects.filter(~Exists(recues), date_fin__lt=au).select_related("dossier")
    if departement:
        annonces = annonces.filter(departement=departement)
    retards = []
    for annonce in annonces.order_by("date_fin", "pk"):
        limite = limite_d_envoi(annonce.date_fin)
        if au <= limite or _est_enregistre(annonce):
            continue
        motif = "un mois" if au > plus_mois(annonce.date_fin, 1) else "15 jours"
        retards.append(_retard(annonce.dossier, annonce.date_fin, limite, motif, annonce.departement, annonce.agrement))
    return retards


def _est_enregistre(annonce: AnnonceStage) -> bool:
    """Did the national file tell of this course by another way?"""
    return annonce.dossier.faits.filter(type="stage", contenu__date_fin=annonce.date_fin.isoformat()).exists()


def list_48n_en_defaut(*, au: date, departement: str = "") -> list[Retard]:
    """48N whose course is missing after four months, or was followed late, earliest limit first.

    ``departement``: of the driver's address, where it is known.
    """
    depuis, jusque = plus_ans(au, -ANNEES_48N), plus_mois(au, -STAGE_OBLIGATOIRE_MOIS)
    with connection.cursor() as curseur:
        curseur.execute(NOTIFIES, [depuis.isoformat(), jusque.isoformat()])
        notifies = [dossier_id for (dossier_id,) in curseur.fetchall()]
    retards: list[Retard] = []
    for rang in range(0, len(notifies), LOT):
        for situation in list_situations(notifies[rang : rang + LOT], au=au):
            ou = departement_du_code_postal((situation.dossier.adresse or {}).get("code_postal") or "") or ""
            suites = suites_des_ordres(situation.replay, situation.parcours, situation.ordres_de_stage)
            retards += [
                _retard(
                    situation.dossier,
                    suite.suivi.date_fin if suite.suivi else None,
                    suite.limite,
                    "manquant" if suite.manque else "en retard",
                    ou,
                )
                for suite in suites
                if suite.est_en_defaut(au) and departement in ("", ou)
            ]
    return sorted(retards, key=lambda retard: (retard.limite, retard.dossier_id))


def _retard(
    dossier: Dossier, date_fin: date | None, limite: date, motif: str, departement: str, agrement: str = ""
) -> Retard:
    nom = f"{dossier.nom_naissance} {' '.join(dossier.prenoms)}"
    return Retard(dossier.pk, dossier.neph, nom, departement, date_fin, limite, motif, agrement)
