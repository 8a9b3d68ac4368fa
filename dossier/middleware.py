"""The door of the journal: a page that shows a dossier to an agent says so, and is not sent before it is written.

A GET never writes: its view only leaves ``request.consultation``, and this, outside of the view, writes the row. If the
row cannot be written, the answer is an error and nothing is shown.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from dossier.journal import noter_consultation


class ConsultationsMiddleware:
    """Writes what ``request.consultation`` says, a look or the refusal of one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        noter_consultation(request)
        return response
