"""What production must be, said by `check` before a server starts and by `check --deploy` before one is installed.

Django's own review says nothing of a missing content policy, of a wait without end, nor of the demonstration's keys.
Those of START are asked by every server and worker that starts (mespoints.wsgi, mespoints.celery): they refuse what is
never right outside of a demonstration. All but the published keys are `--deploy` alone: a door that is wrong must not
keep the feed from being loaded, nor an ADCS from being withdrawn.
"""

from collections.abc import Iterable
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register, run_checks
from django.core.exceptions import ImproperlyConfigured

TAG, START = "mespoints", "start"
#: How the keys that the repository publishes begin.
PUBLIQUES = ("demonstration-only", "tests-only")
DEUX_ANS = 2 * 365 * 24 * 3600
ATTENTE_MAXIMALE = 10  # seconds
#: What a container calls itself: no mail server is there, and no answer comes back to an address of it.
CHEZ_SOI = {"", "localhost", "localhost.localdomain", "127.0.0.1", "::1", "[::1]"}
#: What each directive may say at most; nothing more may be there than these.
POLITIQUE: dict[str, set[str]] = {
    "default-src": {"'none'"},
    "script-src": {"'self'"},
    "style-src": {"'self'"},
    "font-src": {"'self'"},
    "connect-src": {"'self'"},
    "img-src": {"'self'", "data:"},
    "frame-ancestors": {"'none'"},
    "base-uri": {"'none'"},
    "object-src": {"'none'"},
}


def refuse_to_start() -> None:
    """Raise ``ImproperlyConfigured`` when one of START's checks finds a fault: called before a request is taken."""
    faults = [fault for fault in run_checks(tags=[START], include_deployment_checks=True) if fault.is_serious()]
    if faults:
        raise ImproperlyConfigured("\n".join(f"{fault.id} {fault.msg}" for fault in faults))


def _error(number: int, says: str, hint: str | None = None) -> CheckMessage:
    return Error(says, hint=hint, id=f"mespoints.E{number:03}")


@register(TAG, START)
def check_published_keys(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """Keys that anybody can read protect invented drivers only."""
    if settings.MESPOINTS_DEMONSTRATION or settings.MESPOINTS_TESTS:
        return []
    published = [name for name in dir(settings) if name.isupper() and _is_published(getattr(settings, name))]
    return [_error(1, f"{name} : cette clé est publique, elle est celle de la démonstration.") for name in published]


def _is_published(value: object) -> bool:
    values = value if isinstance(value, list | tuple) else [value]
    return any(isinstance(one, str) and one.startswith(PUBLIQUES) for one in values)


@register(TAG, deploy=True)
def check_demonstration(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """The one switch that opens the stand-in, the mail catcher and the published keys."""
    if not settings.MESPOINTS_DEMONSTRATION:
        return []
    return [_error(2, "MESPOINTS_DEMONSTRATION=1 : cette instance montre des conducteurs imaginaires.")]


@register(TAG, deploy=True)
def check_content_policy(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """The content security policy is on, whole and strict: no inline script or style, no other host."""
    said: dict[str, Iterable[str]] = (settings.CONTENT_SECURITY_POLICY or {}).get("DIRECTIVES", {})
    faults = [
        _error(3, f"CONTENT_SECURITY_POLICY : {name} doit être {' '.join(sorted(wanted))} au plus.")
        for name, wanted in POLITIQUE.items()
        if not said.get(name) or not set(said[name]) <= wanted
    ]
    for name in set(said) - set(POLITIQUE):
        if any("unsafe" in source or "*" in source for source in said[name]):
            faults.append(_error(3, f"CONTENT_SECURITY_POLICY : {name} ouvre à tous."))
    if "form-action" not in said:
        faults.append(_error(3, "CONTENT_SECURITY_POLICY : form-action manque."))
    if "csp.middleware.CSPMiddleware" not in settings.MIDDLEWARE:
        faults.append(_error(4, "Aucun middleware n'envoie la politique de sécurité du contenu."))
    return faults


@register(TAG, deploy=True)
def check_cookies(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """A __Host- cookie is one that a browser takes from this host alone, over TLS alone."""
    faults = []
    for cookie in ("SESSION", "CSRF"):
        name, same_site = (getattr(settings, f"{cookie}_COOKIE_{what}") for what in ("NAME", "SAMESITE"))
        whole = all(getattr(settings, f"{cookie}_COOKIE_{what}") for what in ("SECURE", "HTTPONLY"))
        alone = (
            getattr(settings, f"{cookie}_COOKIE_DOMAIN") is None and getattr(settings, f"{cookie}_COOKIE_PATH") == "/"
        )
        if not (name.startswith("__Host-") and whole and alone and same_site in {"Lax", "Strict"}):
            faults.append(
                _error(5, f"{cookie}_COOKIE_* : __Host-, Secure, HttpOnly, SameSite et Path=/ sont attendus.")
            )
    if settings.SECURE_HSTS_SECONDS < DEUX_ANS:
        faults.append(_error(6, "SECURE_HSTS_SECONDS : deux ans au moins."))
    if "*" in settings.ALLOWED_HOSTS:
        faults.append(_error(7, "ALLOWED_HOSTS=* : n'importe quel nom serait cru."))
    return faults


@register(TAG, deploy=True)
def check_waits(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """Nothing outside is waited for without an end."""
    waits: dict[str, float | None] = {
        "EMAIL_TIMEOUT": settings.EMAIL_TIMEOUT,
        "OIDC_TIMEOUT": settings.OIDC_TIMEOUT,
        "CELERY_BROKER_CONNECTION_TIMEOUT": settings.CELERY_BROKER_CONNECTION_TIMEOUT,
    }
    for where in ("socket_connect_timeout", "socket_timeout"):
        waits[f"CELERY_BROKER_TRANSPORT_OPTIONS {where}"] = settings.CELERY_BROKER_TRANSPORT_OPTIONS.get(where)
        for alias, cache in settings.CACHES.items():
            waits[f"CACHES {alias} {where}"] = cache.get("OPTIONS", {}).get(where)
    options = settings.DATABASES["default"].get("OPTIONS", {})
    waits["DATABASES connect_timeout"] = options.get("connect_timeout")
    waits["DATABASES tcp_user_timeout"] = int(options.get("tcp_user_timeout") or 0) / 1000
    faults = [
        _error(8, f"{name} : une attente de {ATTENTE_MAXIMALE} secondes au plus est attendue.")
        for name, wait in waits.items()
        if not wait or not 0 < wait <= ATTENTE_MAXIMALE
    ]
    for timeout in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
        if f"{timeout}=" not in options.get("options", "") or f"{timeout}=0" in options["options"]:
            faults.append(_error(9, f"DATABASES : {timeout} manque."))
    return faults


@register(TAG, deploy=True)
def check_mail(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """An account is opened by a mail: one that leaves, from an address that exists."""
    if settings.MESPOINTS_DEMONSTRATION:
        return []
    faults = []
    if settings.EMAIL_HOST in CHEZ_SOI:
        faults.append(_error(10, "EMAIL_URL : aucun serveur de courriel n'est donné, rien ne partirait."))
    elif not (settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL):
        faults.append(
            _error(12, "EMAIL_URL : smtp+tls:// ou smtp+ssl://, les liens des courriels ouvrent des comptes.")
        )
    if parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2] in CHEZ_SOI:
        faults.append(_error(11, "DEFAULT_FROM_EMAIL : l'adresse d'où partent les courriels manque."))
    return faults
