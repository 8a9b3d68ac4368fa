"""What the next page says of what was just done: in a cookie of this host alone, in the session once it is too long."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class HostCookieStorage(CookieStorage):
    """Django's, under a name that a browser takes from this host alone, over TLS alone."""

    @property
    def cookie_name(self) -> str:  # type: ignore[override]
        """Ours, by the settings: `__Host-` needs TLS, which a laptop has not."""
        return str(settings.MESSAGE_COOKIE_NAME)


class HostStorage(FallbackStorage):
    """A visitor without a session reads them too, and nothing is written in the database for it."""

    storage_classes = (HostCookieStorage, SessionStorage)
