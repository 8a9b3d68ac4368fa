"""Checking an ADCS for whoever holds it, and telling its holder. Nothing of who asks is written.

A document may be checked sixty times an hour, twenty from one network: an employer cannot watch it for the day on which
it stops being good, nor shut out an officer elsewhere. Who sends the signed code itself, which nobody guesses, is
answered all the same, and no more is written.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from math import ceil
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.utils import timezone

from documents.code import code_court, cose, porte_cles
from documents.code.cose import Refus
from documents.code.jeton import (
    Conclusion,
    FaitsSignes,
    StatutConnu,
    Verdict,
    juger,
    lire_adresse,
    recoller,
    verifier,
)
from documents.contenus import Etat, Periode
from documents.models import DocumentEmis, Genre, Verification, Voie
from documents.rules.statut import Statut
from documents.verification.statuts import revoir
from dossier.rules.calendrier import jour_lu
from dossier.rules.categories import Validite

PAR_HEURE = 60
HEURE = timedelta(hours=1)
MONTREES = 50  # documents, and checks of each, on the holder's page
OUBLI = timedelta(days=30)
VERROU = 0x5645 << 48  # of the checks of one document, among the advisory locks


#: Counts a try on a document from where one is: None, or the seconds to wait. Outside of any transaction.
Essayer = Callable[[int], int | None]


class TropDeVerifications(Exception):
    """This document was checked often enough by its short code. ``attente``: seconds until the next check."""

    def __init__(self, attente: int) -> None:
        super().__init__(f"next check in {attente} s")
        self.attente = attente


class AdresseIllisible(ValueError):
    """No code that a signature could be looked for in: cut, badly copied, or something else altogether."""


def verifier_adresse(texte: str, *, now: datetime, essayer: Essayer) -> Verdict:
    """The verdict on the address of a QR code, or on what follows its #, however it was copied.

    A document is only called false once a signature was looked at: a genuine address that a messenger broke is not a
    forgery. Raises ``AdresseIllisible``.
    """
    try:
        octets = lire_adresse(recoller(texte))
        cose.ouvrir(octets)
    except Refus:
        raise AdresseIllisible(
            "Ce code est incomplet ou mal copié\u00a0: rien n'a pu être vérifié. Scannez de nouveau le carré, ou"
            " recopiez les seize caractères imprimés à côté."
        ) from None
    verdict = verifier(octets, cles=porte_cles.trousseau(), maintenant=now, statuts=None)
    if verdict.faits is None:
        return verdict
    faits = verdict.faits
    return _verifier(faits, Voie.QR, now, essayer, cti=faits.cti, index_statut=faits.index_statut)


def verifier_code(texte: str, *, now: datetime, essayer: Essayer) -> Verdict:
    """The verdict on a typed short code. Raises ``CodeIllisible`` and ``TropDeVerifications``."""
    return _verifier(None, Voie.CODE, now, essayer, code_court=code_court.lire(texte))


def _verifier(faits: FaitsSignes | None, voie: Voie, now: datetime, essayer: Essayer, **qui: Any) -> Verdict:
    document = DocumentEmis.objects.defer("octets").filter(genre=Genre.ADCS, **qui).first()
    if document is None:
        return Verdict(Conclusion.NON_AUTHENTIQUE, raison="aucun document émis ne porte ce code")
    attente = essayer(document.pk)
    with transaction.atomic():
        attente = attente or _attendre(document, now)
        if attente and not faits:
            raise TropDeVerifications(attente)
        revoir([document.dossier_id], now=now)
        document.refresh_from_db(fields=["statut"])
        connu = StatutConnu(Statut(document.statut), now)
        verdict = juger(faits or faits_de(document), maintenant=now, statuts=lambda _: connu)
        if not attente:
            Verification.objects.create(document=document, faite_at=now, voie=voie, conclusion=verdict.conclusion)
    return verdict


def _attendre(document: DocumentEmis, now: datetime) -> int:
    """Seconds until the hour's sixty checks leave room for another, 0 when there is. Checks of one document go one by
    one, so that none slips through.
    """
    with connection.cursor() as curseur:
        curseur.execute("SELECT pg_advisory_xact_lock(%s)", [VERROU + document.pk])
    dernieres = document.verifications.filter(faite_at__gt=now - HEURE).order_by("-faite_at")
    moments = list(dernieres.values_list("faite_at", flat=True)[:PAR_HEURE])
    return max(1, ceil((moments[-1] + HEURE - now).total_seconds())) if len(moments) >= PAR_HEURE else 0


def faits_de(document: DocumentEmis) -> FaitsSignes:
    """What the code of a document says, read from what was kept of it."""
    contenu: Mapping[str, Any] = document.contenu
    identite = contenu["identite"]
    dernier_jour = document.expire_le or timezone.localdate(document.emis_at)
    fin = datetime.combine(dernier_jour + timedelta(days=1), time.min, timezone.get_default_timezone())
    return FaitsSignes(
        cti=bytes(document.cti or b""),
        index_statut=document.index_statut or 0,
        emis_at=document.emis_at.astimezone(UTC).replace(microsecond=0),
        expire_at=fin.astimezone(UTC),
        nom_naissance=identite["nom_naissance"],
        prenoms=tuple(identite["prenoms"]),
        naissance=identite["naissance"],
        neph=contenu["neph"],
        etat=Etat(contenu["etat"]),
        categories=tuple(
            (
                c["code"],
                jour_lu(c["obtenue_le"]),
                jour_lu(c["valable_jusqu_au"]),
                tuple(r["code"] for r in c["restrictions"]),
                c["validite"] == Validite.PROVISOIRE,
            )
            for c in contenu["categories"]
        ),
        limitations_ead=tuple(
            Periode(date.fromisoformat(p["debut"]), jour_lu(p["fin"])) for p in contenu["limitations_ead"]
        ),
        empreinte=b"",
    )


class Attestation(NamedTuple):
    """An ADCS of the holder's, and the newest checks of it: moment, way, conclusion. ``nombre`` of all of them."""

    numero: str
    emis_at: datetime
    expire_le: date
    statut: Statut
    verifications: list[tuple[datetime, str, str]]
    nombre: int


def list_attestations(dossier_id: int, *, jour: date) -> list[Attestation]:
    """The ADCS of a dossier that live on ``jour``, newest first, with their checks; two queries in all."""
    vivantes = DocumentEmis.objects.filter(dossier_id=dossier_id, genre=Genre.ADCS, expire_le__gte=jour)
    documents = list(vivantes.order_by("-emis_at").only("numero", "emis_at", "expire_le", "statut")[:MONTREES])
    faites: dict[int, list[tuple[datetime, str, str]]] = {document.pk: [] for document in documents}
    lues = Verification.objects.filter(document__in=faites).order_by("-faite_at")
    for document_id, faite_at, voie, conclusion in lues.values_list("document_id", "faite_at", "voie", "conclusion"):
        faites[document_id].append((faite_at, voie, conclusion))
    return [
        Attestation(d.numero, d.emis_at, d.expire_le, Statut(d.statut), faites[d.pk][:MONTREES], len(faites[d.pk]))
        for d in documents
        if d.expire_le
    ]


def oublier(*, now: datetime) -> int:
    """Forget the checks of the documents that expired a month ago; give how many that was."""
    perimees = Verification.objects.filter(document__expire_le__lt=timezone.localdate(now) - OUBLI)
    return perimees.delete()[0]
