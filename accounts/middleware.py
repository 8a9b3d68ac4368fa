"""What each request carries about its visitor, and what each answer owes them."""

import json
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from http import HTTPStatus
from typing import Any, ClassVar

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY, suspend_request
from allauth.core.internal.httpkit import deserialize_request
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject, cached_property
from django.utils.http import urlencode

from accounts.compte import appareils
from accounts.limites import GESTE, OUBLI, Porte, annuler, consommer, essayer
from accounts.selectors import get_agent, get_titulaire
from mespoints.lib.bornes import Encombre
from mespoints.lib.http import keep_private, trop_d_essais, trop_de_monde
from mespoints.lib.reseau import reseau_approche
from mespoints.lib.session import is_over, renew_session
from mespoints.lib.visiteur import Agent, Titulaire, get_niveau

GetResponse = Callable[[HttpRequest], HttpResponse]


class VisitorMiddleware:
    """Sets ``request.titulaire`` and ``request.agent``, read from the database only if a view asks, and
    ``request.essayer``, by which the other apps count their tries.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.titulaire = SimpleLazyObject(lambda: _titulaire(request))  # type: ignore[attr-defined]
        request.agent = SimpleLazyObject(lambda: _agent(request))  # type: ignore[attr-defined]
        request.essayer = partial(essayer, request)  # type: ignore[attr-defined]
        return self.get_response(request)


def _titulaire(request: HttpRequest) -> Titulaire | None:
    return get_titulaire(request.user, niveau=get_niveau(request))


def _agent(request: HttpRequest) -> Agent | None:
    agent = get_agent(request.user)
    return replace(agent, reseau=reseau_approche(request)) if agent else None


#: What is about a person before they are signed in; no cache may keep it either.
PRIVES = ("/compte/", "/connexion/", "/deconnexion/", "/franceconnect/", "/admin/")
FIN = (
    "Vous avez été déconnecté\u00a0: pour votre sécurité, une connexion inutilisée ou trop longue se ferme d'elle-même."
)

SECOND_FACTEUR_EXIGE = "L'administration demande une double authentification\u00a0: ajoutez-la d'abord."


class SignedInMiddleware:
    """Ends a session that has lasted too long; keeps a visitor who is there signed in: the idle time starts again.

    Nothing a signed-in visitor receives may be kept by a cache, their browser's included.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and is_over(request, agent=request.user.is_staff):
            logout(request)
            messages.info(request, FIN)
        response = self.get_response(request)
        if request.user.is_authenticated:
            renew_session(request)
        if ouvert := getattr(request, "appareil_de", None):
            appareils.retenir(request, response, ouvert)
        finie = getattr(request, "session_finie", False)
        if request.user.is_authenticated or finie or request.path.startswith(PRIVES):
            keep_private(response)
        if finie and not request.user.is_authenticated:
            response["Clear-Site-Data"] = '"cache", "storage"'
        return response


class ReprisesMiddleware:
    """Sends what waited for a confirmation through every gate below, as if it came now.

    allauth would call its view itself: the read-only mode, the host of the desk and the limits would not see it.
    """

    CONFIRMATIONS: ClassVar[frozenset[str]] = frozenset(
        {"account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"}
    )

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        attend: str | None = request.__dict__.pop("attend", None)
        if attend is None:
            return response
        suite = response.get("Location", "")
        if response.status_code != HTTPStatus.FOUND or suite.partition("?")[0] in self.adresses:  # not confirmed yet
            request.session.setdefault(STATE_SESSION_KEY, {"request": attend})
            return response
        if json.loads(attend)["path"] != suite:
            return response
        return self.get_response(deserialize_request(attend, request))

    @cached_property
    def adresses(self) -> frozenset[str]:
        """Where a confirmation is given."""
        return frozenset(map(reverse, self.CONFIRMATIONS))

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Take it out of allauth's hands."""
        nom = request.resolver_match.view_name if request.resolver_match else ""
        if request.method == "POST" and nom in self.CONFIRMATIONS:
            attend = request.session.get(STATE_SESSION_KEY, {}).get("request")
            if attend is not None:
                request.attend = attend  # type: ignore[attr-defined]
                del request.session[STATE_SESSION_KEY]


#: Seconds after which an agent who writes gives the password, or the second factor, once more.
CONFIRMATION = 5 * 60


class AgentsMiddleware:
    """Lets an agent into the administration only by a password and a second factor, both given in this session.

    Under its own name, where one is set: elsewhere there is no such address. Who writes proved who they are less than
    five minutes ago: what was being sent waits, whole, while they do it again.
    """

    #: Changes nothing of a dossier: coming in, leaving.
    LIBRES: ClassVar[frozenset[str]] = frozenset({"admin:login", "admin:logout"})

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    @cached_property
    def administration(self) -> str:
        """Where it begins."""
        return reverse("admin:index")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(self.administration):
            if settings.ADMIN_HOST and request.get_host().lower() != settings.ADMIN_HOST:
                raise Http404
            detour = self._detourner(request) if request.user.is_authenticated else None
            if detour is not None:
                return detour
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        nom = request.resolver_match.view_name if request.resolver_match else ""
        if not nom.startswith("admin:") or nom in self.LIBRES or request.method in {"GET", "HEAD", "OPTIONS"}:
            return None
        preuves = [preuve["at"] for preuve in get_authentication_records(request, request.user)]
        if getattr(view, "sans_confirmation", False) or time.time() - max(preuves, default=0) < CONFIRMATION:
            return None
        detour: HttpResponse = suspend_request(request, reverse("account_reauthenticate"))
        return detour

    def _detourner(self, request: HttpRequest) -> HttpResponse | None:
        if not request.user.is_staff or not request.agent:  # type: ignore[attr-defined]
            raise PermissionDenied
        methodes = {preuve["method"] for preuve in get_authentication_records(request, request.user)}
        if "password" not in methodes:  # FranceConnect says who a driver is, not who an agent is
            raise PermissionDenied
        if not is_mfa_enabled(request.user, [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]):
            messages.info(request, SECOND_FACTEUR_EXIGE)
            return redirect("mfa_index")
        if "mfa" not in methodes:  # a session opened before the factor was added
            return redirect(f"{reverse('mfa_reauthenticate')}?{urlencode({'next': request.get_full_path()})}")
        return None


def _adresse_tapee(request: HttpRequest) -> str:
    return request.POST.get("email", "")[:254]


def _compte(request: HttpRequest) -> str:
    return str(request.user.pk)


class LimitesMiddleware:
    """Counts, before allauth's views see them, the forms that they would take as often as one likes.

    The sign-in and the second factor are counted where the password and the code are looked at.
    """

    COMPTEES: ClassVar[dict[str, tuple[Porte, Callable[[HttpRequest], str]]]] = {
        "account_reset_password": (OUBLI, _adresse_tapee),
        **dict.fromkeys(("account_change_password", "account_email", "usersessions_list"), (GESTE, _compte)),
    }

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        nom = request.resolver_match.view_name if request.resolver_match else ""
        if request.method != "POST" or nom not in self.COMPTEES:
            return None
        porte, cible = self.COMPTEES[nom]
        attente = consommer(porte, request, cible(request))
        return None if attente is None else trop_d_essais(request, attente)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A form that the site was too busy to look at counts for no try, and may be sent again as it is."""
        if not isinstance(exception, Encombre):
            return None
        annuler(request)
        return trop_de_monde(request)
