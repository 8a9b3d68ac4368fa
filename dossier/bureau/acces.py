"""The door of an opened dossier: the session says which one, and for which reason; one at a time."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, NamedTuple, ParamSpec

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from dossier.bureau.ouvrables import exiger_ouvrable
from dossier.journal import Pourquoi, Trace
from mespoints.lib.bureau import agent_de

P = ParamSpec("P")

CLE, DUREE = "bureau", 30 * 60  # seconds during which a reason is worth
DIRE_POURQUOI = "Pour ouvrir un dossier, dites d'abord pourquoi."


class Acces(NamedTuple):
    """What a session may look at: one dossier, for one reason."""

    dossier_id: int
    pourquoi: Pourquoi


def ouvrir(request: HttpRequest, dossier_id: int, pourquoi: Pourquoi) -> None:
    """Let this session look at a dossier, and at no other, for a while."""
    request.session[CLE] = {"dossier_id": dossier_id, **pourquoi._asdict(), "depuis": time.time()}


def get_acces(request: HttpRequest) -> Acces | None:
    """What the session may look at, if the reason was given not long ago."""
    match request.session.get(CLE):
        case {"dossier_id": dossier_id, "motif": motif, "precision": precision, "depuis": depuis}:
            return Acces(dossier_id, Pourquoi(motif, precision)) if time.time() - depuis < DUREE else None
    return None


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
            acces = get_acces(request)
            if acces is None or acces.dossier_id != dossier_id:
                messages.info(request, DIRE_POURQUOI)
                return redirect("admin:dossier_dossier_changelist")
            verifier(request, dossier_id, acces.pourquoi, acte=acte)
            return vue(request, dossier_id, *args, **kwargs)

        return gardee  # type: ignore[return-value]  # an address gives it by its name

    return decorer


def verifier(request: HttpRequest, dossier_id: int, pourquoi: Pourquoi, *, acte: str) -> None:
    """Leave the trace of a look. Raises ``DossierFerme``."""
    exiger_ouvrable(agent_de(request), dossier_id, pourquoi)
    request.consultation = [Trace(acte, dossier_id, pourquoi)]  # type: ignore[attr-defined]
