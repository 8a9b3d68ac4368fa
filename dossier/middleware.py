"""The door of the journal: a page that shows a dossier to an agent says so, and is not sent before it is written.

A GET never writes: its view only leaves ``request.consultation``, and this, outside of the view, writes the rows. If
they cannot be written, the answer is an error and nothing is shown.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from dossier.bureau.ouvrables import DossierFerme
from dossier.journal import Trace, noter
from mespoints.lib.bureau import agent_de


class ConsultationsMiddleware:
    """Writes what ``request.consultation`` says, a look or the refusal of one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        laissees: list[Trace] | None = getattr(request, "consultation", None)
        if laissees:
            noter(agent_de(request), *laissees)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """The look was refused, wherever that was found: nothing else was seen."""
        if isinstance(exception, DossierFerme):
            request.consultation = [exception.trace]  # type: ignore[attr-defined]
