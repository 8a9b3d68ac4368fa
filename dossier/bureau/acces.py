"""Opening a dossier at the desk: found by what its holder says, for a reason, by who may; one at a time."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, NamedTuple, ParamSpec

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from dossier.bureau.ouvrables import raison_du_refus
from dossier.journal import Trace, attente, noter, peut_chercher
from dossier.models import Dossier, Journal
from mespoints.lib.bureau import agent_de

P = ParamSpec("P")

CLE, DUREE = "bureau", 30 * 60  # seconds during which a reason is worth
HOMONYMES = "Plusieurs dossiers portent exactement cette identité : demandez le numéro NEPH au conducteur."
INTROUVABLE = "Aucun dossier ne correspond. Vérifiez le numéro, ou l'orthographe du nom et la date de naissance."
DIRE_POURQUOI = "Pour ouvrir un dossier, dites d'abord pourquoi."


class TropDeRecherches(Exception):
    """The agent has searched too often within the hour. ``attente``: seconds before the next one."""

    def __init__(self, attente: int) -> None:
        super().__init__()
        self.attente = attente


class RechercheVaine(Exception):
    """No dossier to show. ``raison`` is French; ``refus``: there is one, and it is not this agent's to open."""

    def __init__(self, raison: str, *, refus: bool = False) -> None:
        super().__init__(raison)
        self.raison = raison
        self.refus = refus


class Acces(NamedTuple):
    """What a session may look at: one dossier, for one reason, since an instant."""

    dossier_id: int
    motif: str
    precision: str
    depuis: float


def rechercher(request: HttpRequest, *, critere: dict[str, str], motif: str, precision: str) -> int:
    """Find the dossier, and open it to this session; give its id. Counted, and written in the journal, found or not.

    ``critere``: ``neph``, or ``nom``, ``prenom`` and ``date_naissance``. Raises ``TropDeRecherches`` and
    ``RechercheVaine``.
    """
    with transaction.atomic():
        if permise := peut_chercher(request):
            trouves = _trouver(critere)
            seul = trouves[0] if len(trouves) == 1 else None
            cle = seul.pk if seul else None
            recherche: dict[str, Any] = {"dossier_id": cle, "motif": motif, "precision": precision}
            noter(request, acte=Journal.Acte.RECHERCHE, **recherche)
            refus = raison_du_refus(agent_de(request), seul.pk, seul.departement) if seul else ""
            if refus:
                noter(request, acte=Journal.Acte.REFUS, **recherche)
    if not permise:
        raise TropDeRecherches(attente(agent_de(request)))
    if seul is None or refus:
        raise RechercheVaine(refus or (HOMONYMES if trouves else INTROUVABLE), refus=bool(refus))
    ouvrir(request, seul.pk, motif=motif, precision=precision)
    return int(seul.pk)


def _trouver(critere: dict[str, str]) -> list[Dossier]:
    """At most two: more than one is no answer."""
    if neph := critere.get("neph"):
        return list(Dossier.objects.only("pk", "departement").filter(neph=neph))
    return list(identites(critere))


def identites(critere: dict[str, str]) -> QuerySet[Dossier]:
    """The dossiers of exactly this identity, two at most, by the index of ``dossier/sql/recherche.sql``."""
    memes = Dossier.objects.only("pk", "departement").extra(
        where=[
            "nom_compact(nom_naissance) = nom_compact(%s)",
            "date_naissance = %s",
            "nom_compact(prenoms[1]) = nom_compact(%s)",
        ],
        params=[critere["nom"], critere["date_naissance"], critere["prenom"]],
    )
    return memes[:2]


def ouvrir(request: HttpRequest, dossier_id: int, *, motif: str, precision: str) -> None:
    """Let this session look at a dossier, and at no other, for a while."""
    request.session[CLE] = Acces(dossier_id, motif, precision, time.time())._asdict()


def get_acces(request: HttpRequest, dossier_id: int) -> Acces | None:
    """What the session may look at, if it is this dossier and the reason was given not long ago."""
    tenu: dict[str, Any] | None = request.session.get(CLE)
    acces = Acces(**tenu) if tenu else None
    return acces if acces and acces.dossier_id == dossier_id and time.time() - acces.depuis < DUREE else None


def dossier_ouvert(
    acte: str,
) -> Callable[
    [Callable[Concatenate[HttpRequest, int, P], HttpResponse]], Callable[Concatenate[HttpRequest, int, P], HttpResponse]
]:
    """Guard a page of the desk about a dossier: a reason first, then the right to open it; and leave the trace.

    Without a reason the answer is the same whether the dossier exists or not.
    """

    def decorer(
        vue: Callable[Concatenate[HttpRequest, int, P], HttpResponse],
    ) -> Callable[Concatenate[HttpRequest, int, P], HttpResponse]:
        @wraps(vue)
        def gardee(request: HttpRequest, /, dossier_id: int, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            acces = get_acces(request, dossier_id)
            if acces is None:
                messages.info(request, DIRE_POURQUOI)
                return redirect("admin:dossier_dossier_changelist")
            verifier(request, dossier_id, acte=acte, motif=acces.motif, precision=acces.precision)
            return vue(request, dossier_id, *args, **kwargs)

        return gardee  # type: ignore[return-value]  # an address gives it by its name

    return decorer


def verifier(request: HttpRequest, dossier_id: int, *, acte: str, motif: str, precision: str) -> None:
    """Leave the trace of a look, or of its refusal. Raises ``PermissionDenied``."""
    dossier = Dossier.objects.only("pk", "departement").get(pk=dossier_id)
    refus = raison_du_refus(agent_de(request), dossier.pk, dossier.departement)
    trace = Trace(Journal.Acte.REFUS if refus else acte, dossier_id, motif, precision)
    request.consultation = trace  # type: ignore[attr-defined]
    if refus:
        raise PermissionDenied(refus)
