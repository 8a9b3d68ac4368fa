"""An annulled administrative measure loses its content (L. 225-2 III); a tombstone stays.

A tombstone is a fact of which identifier, type, days and the identifiers that it names are left, with a keyed print of
what it held: a feed that tells it again is known to say the same, and nobody reads the content out of the print. The
database erases by one door (``sql/effacement.sql``).
"""

import json
from collections.abc import Iterator, Mapping, Sequence

from django.conf import settings
from django.db import connection
from django.utils.crypto import constant_time_compare, salted_hmac

from dossier.fabrique import EMPREINTE, ETAPES, FaitDit
from dossier.models import Fait
from dossier.rules.vocabulaire import Reference, TypeFait

SEL = "dossier.effacement"


def est_effacee(fait: FaitDit) -> bool:
    """Is it a tombstone?"""
    return EMPREINTE in fait


def empreinte(fait: FaitDit, cle: str | None = None) -> str:
    """Which key, then what the fact held under that key: sixteen and sixty-four hexadecimal digits."""
    cle = cle or settings.SECRET_KEY
    return f"{_marque(cle)}:{_sceau(json.dumps(fait, sort_keys=True), cle)}"


def _marque(cle: str) -> str:
    return _sceau("clé", cle)[:16]


def _sceau(valeur: str, cle: str) -> str:
    return salted_hmac(SEL, valeur, secret=cle, algorithm="sha256").hexdigest()


def dit_le_meme(tenu: FaitDit, dit: FaitDit) -> bool:
    """Does a fact told again say what is held, or what was held before it was erased?

    Once its key is gone, only what the tombstone still says is compared.
    """
    if not est_effacee(tenu):
        return tenu == dit
    for cle in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        if tenu[EMPREINTE].startswith(_marque(cle)):
            return constant_time_compare(tenu[EMPREINTE], empreinte(dit, cle))
    return all(dit.get(champ) == valeur for champ, valeur in tenu.items() if champ != EMPREINTE)


def effacees(faits: Sequence[FaitDit], mesures: frozenset[str]) -> frozenset[str]:
    """The ids of the facts that go with these annulled measures: they, and the 48SI that told them.

    A 48SI tells the first invalidation notified since its first day; one that names a measure tells that one.
    """
    invalidations = sorted((f["date_notification"], f["id"]) for f in faits if f["type"] == TypeFait.INVALIDATION)
    partis = {f["id"] for f in faits if est_effacee(f)} | mesures
    connues = {cle for _, cle in invalidations}
    for lettre in _lettres_48si(faits):
        jour = next((lettre[etape] for etape in ETAPES if etape in lettre), None)
        suivante = next((cle for le, cle in invalidations if jour is not None and le >= jour), None)
        mesure = lettre["fait"] if lettre.get("fait") in connues else suivante
        if mesure in mesures:
            partis.add(lettre["id"])
    return frozenset(partis)


def _lettres_48si(faits: Sequence[FaitDit]) -> Iterator[FaitDit]:
    return (f for f in faits if f["type"] == TypeFait.LETTRE and f["reference"] == Reference.L48SI)


def effacer(annulees: Mapping[int, frozenset[str]]) -> None:
    """Erase the annulled measures of dossiers already locked, each by its ids; what is erased already stays so."""
    if not annulees:
        return
    tenus: dict[int, list[FaitDit]] = {}
    for cle, contenu in (
        Fait.objects.filter(dossier_id__in=annulees).order_by("pk").values_list("dossier_id", "contenu")
    ):
        tenus.setdefault(cle, []).append(contenu)
    with connection.cursor() as curseur:
        for cle, faits in sorted(tenus.items()):
            partent = effacees(faits, annulees[cle])
            empreintes = {f["id"]: empreinte(f) for f in faits if f["id"] in partent and not est_effacee(f)}
            if empreintes:
                curseur.execute("SELECT effacer_mesures_annulees(%s, %s)", [cle, json.dumps(empreintes)])
