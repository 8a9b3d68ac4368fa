"""What became of the ADCS that were issued: whether the rights still are what they say, and the list that tells it.

Called inside the transaction that records a fact, so that the statut changes with the dossier and not after it. Points
alone change nothing here: a statut that followed them would tell them to whoever holds the document.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.db.models import Max
from django.utils import timezone

from documents.code import listes, porte_cles
from documents.contenus import SansPermis, fige
from documents.models import DocumentEmis, Genre
from documents.rules.statut import Statut
from documents.selectors import get_attestation_en_main
from dossier.rules.categories import Validite
from dossier.rules.vocabulaire import TypeFait

logger = logging.getLogger(__name__)

LOT = 2000
#: The days on which what was already known begins, ends, is undone or is decided; a night that was missed is caught up
#: with. A category that an opinion keeps up after its last day (R221-11 III) is read in the document itself.
RATTRAPAGE = timedelta(days=7)
JOURS = {
    TypeFait.SUSPENSION: ("date_debut", "date_fin"),
    TypeFait.INVALIDATION: ("date_notification",),
    TypeFait.ANNULATION: ("date_effet",),
    TypeFait.LEVEE: ("date_effet",),
    TypeFait.RETABLISSEMENT: ("date_effet",),
    TypeFait.ECHANGE: ("date_echange",),
    TypeFait.DECES: ("date_deces",),
    TypeFait.PERMIS_OBTENU: ("date_obtention",),
    TypeFait.VISITE_MEDICALE: ("date_visite", "date_decision"),
}
_CHAMPS = sorted({champ for champs in JOURS.values() for champ in champs})
_MESURES = f"""
    SELECT DISTINCT d.dossier_id
    FROM documents_documentemis d
    JOIN dossier_fait f ON f.dossier_id = d.dossier_id AND f.type = ANY(%(types)s)
    WHERE d.genre = 'adcs' AND d.statut = 0 AND d.expire_le >= %(jour)s AND (
        {" OR ".join(f"(f.contenu->>'{champ}') BETWEEN %(depuis)s AND %(jour)s" for champ in _CHAMPS)}
        OR f.type = 'visite_medicale' AND EXISTS (
            SELECT FROM jsonb_array_elements(d.contenu->'categories') c
            WHERE (c->>'valable_jusqu_au') BETWEEN %(depuis)s AND %(jour)s
        )
    )
    ORDER BY d.dossier_id
"""  # noqa: S608 our own text


def revoir(dossier_ids: Sequence[int], *, now: datetime) -> int:
    """Set the statut of the ADCS of these dossiers that no longer say the rights of today; give how many changed.

    One query when none of them has an ADCS that is still good, which is nearly always.
    """
    jour = timezone.localdate(now)
    bonnes = DocumentEmis.objects.filter(
        dossier_id__in=dossier_ids, genre=Genre.ADCS, statut=Statut.BON, expire_le__gte=jour
    )
    par_dossier: dict[int, list[tuple[int, Mapping[str, Any]]]] = {}
    for cle, dossier_id, contenu in bonnes.values_list("pk", "dossier_id", "contenu"):
        par_dossier.setdefault(dossier_id, []).append((cle, contenu))
    perimees = [
        cle
        for dossier_id, documents in sorted(par_dossier.items())
        for actuels in [_droits_actuels(dossier_id, now)]
        for cle, contenu in documents
        if droits(contenu) != actuels
    ]
    if not perimees:
        return 0
    return DocumentEmis.objects.filter(pk__in=perimees, statut=Statut.BON).update(statut=Statut.DROITS_CHANGES)


_CATEGORIE = ("code", "obtenue_le", "valable_jusqu_au")


def droits(contenu: Mapping[str, Any]) -> tuple[Any, ...]:
    """The rights that the frozen content of an ADCS tells: état, measures, categories. Not who, not where."""
    return (
        contenu["etat"],
        contenu["suspensions"],
        contenu["limitations_ead"],
        [
            (
                c["code"],
                c["obtenue_le"],
                c["valable_jusqu_au"],
                [r["code"] for r in c["restrictions"]],
                c["validite"] == Validite.PROVISOIRE,
            )
            for c in contenu["categories"]
        ],
    )


def _droits_actuels(dossier_id: int, now: datetime) -> tuple[Any, ...] | None:
    try:
        return droits(fige(get_attestation_en_main(dossier_id, now=now)))
    except SansPermis:
        return None


def revoir_du_jour(*, now: datetime) -> int:
    """Set the statut of the ADCS whose rights changed because a day came: a suspension that begins, or that ended."""
    jour = timezone.localdate(now)
    with connection.cursor() as curseur:
        bornes: dict[str, Any] = {
            "jour": jour.isoformat(),
            "depuis": (jour - RATTRAPAGE).isoformat(),
            "types": list(JOURS),
        }
        curseur.execute(_MESURES, bornes)
        dossier_ids = [ligne[0] for ligne in curseur.fetchall()]
    return sum(revoir(lot, now=now) for lot in _lots(dossier_ids))


def _lots(dossier_ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (dossier_ids[i : i + LOT] for i in range(0, len(dossier_ids), LOT))


def retirer(*, dossier_id: int, numero: str) -> bool:
    """Withdraw an ADCS at its holder's request; False when it is not theirs, or was withdrawn already."""
    siennes = DocumentEmis.objects.filter(dossier_id=dossier_id, genre=Genre.ADCS, numero=numero)
    return bool(siennes.filter(statut__in=[Statut.BON, Statut.DROITS_CHANGES]).update(statut=Statut.RETIREE))


def annuler(*, du: datetime, au: datetime, pour_de_bon: bool) -> int:
    """Withdraw, for good, the ADCS issued from ``du`` up to ``au``; give how many, or how many it would be."""
    emises = DocumentEmis.objects.filter(genre=Genre.ADCS, emis_at__gte=du, emis_at__lt=au)
    restent = emises.exclude(statut=Statut.ANNULEE)
    return restent.update(statut=Statut.ANNULEE) if pour_de_bon else restent.count()


# --- The lists that verifiers keep ------------------------------------------------------------------------------------

GARDEE = 60  # seconds during which the list is served again as it was


def liste_signee(*, now: datetime) -> bytes:
    """The signed status list, made again once a minute at most. Raises ``CachetIndisponible``."""
    cle = porte_cles.cle_de_signature(now)
    nom = f"documents.verification.statuts.{cle.kid.hex()}"
    octets: bytes | None = cache.get(nom)
    if octets is None:
        octets = listes.signer_statuts(*_etat_des_documents(timezone.localdate(now)), cle=cle, au=now)
        cache.set(nom, octets, GARDEE)
    return octets


def cles_signees(*, now: datetime) -> bytes:
    """The signed list of the public keys. Raises ``CachetIndisponible``."""
    return listes.signer_cles(porte_cles.trousseau(), cle=porte_cles.cle_de_signature(now), au=now)


def _etat_des_documents(jour: date) -> tuple[int, list[tuple[int, int]]]:
    """How many ranks were given, and the documents that are not good; those that expired may be forgotten."""
    dernier: int | None = DocumentEmis.objects.aggregate(dernier=Max("index_statut"))["dernier"]
    changes = DocumentEmis.objects.exclude(statut=Statut.BON).filter(index_statut__isnull=False, expire_le__gte=jour)
    rangs = [(index, statut) for index, statut in changes.values_list("index_statut", "statut") if index is not None]
    return (0 if dernier is None else dernier + 1), rangs
