"""How long a session lasts: since its sign-in, and without a request."""

import time
from typing import Final

from django.http import HttpRequest

RENOUVELLEMENT: Final = 60  # seconds between two writes of a session that is only read

#: Seconds without a request, and since the sign-in, after which a session is over: a driver's, then an agent's.
INACTIVITE, DUREE = 20 * 60, 4 * 3600
INACTIVITE_AGENT, DUREE_AGENT = 15 * 60, 8 * 3600

_CLE_RENOUVELLEMENT = "renouvelee_a"
_CLE_OUVERTURE = "ouverte_a"


def open_session(request: HttpRequest) -> None:
    """Start counting: called at the sign-in, whatever the session was before."""
    request.session[_CLE_OUVERTURE] = request.session[_CLE_RENOUVELLEMENT] = int(time.time())


def is_over(request: HttpRequest, *, agent: bool) -> bool:
    """Tell whether a signed-in session has been idle, or open, for too long. One whose beginning is unknown is over.

    The last request is known to a minute: what is idle for a little less may be over, never the other way round.
    """
    inactivite, duree = (INACTIVITE_AGENT, DUREE_AGENT) if agent else (INACTIVITE, DUREE)
    now = int(time.time())
    ouverte: int = request.session.get(_CLE_OUVERTURE, 0)
    vue: int = request.session.get(_CLE_RENOUVELLEMENT, 0)
    return now - ouverte >= duree or now - vue >= inactivite


def renew_session(request: HttpRequest) -> None:
    """Start the idle time again, at the cost of one write a minute at most."""
    now = int(time.time())
    if now - request.session.get(_CLE_RENOUVELLEMENT, 0) >= RENOUVELLEMENT:
        request.session[_CLE_RENOUVELLEMENT] = now
