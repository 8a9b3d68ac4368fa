"""Mail to a server that may be slow: each step has its time (RFC 5321, 4.5.3.2), the whole has an end.

The standard client has one wait for everything, started again at each byte. A server that looks at a message before it
takes it may be silent for minutes: hanging up then, and coming again, is how a mail is delivered many times.
"""

import io
import smtplib
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.mail.backends.smtp import EmailBackend


class _Ear(io.RawIOBase):
    """What the server says, until the moment at which the step is over: a byte now and then does not prolong it."""

    def __init__(self, smtp: "TimedSMTP") -> None:
        self.smtp = smtp

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        left, sock = self.smtp.ends - time.monotonic(), self.smtp.sock
        if left <= 0 or sock is None:
            raise TimeoutError("this step took too long")
        sock.settimeout(left)
        return sock.recv_into(buffer)


class TimedSMTP(smtplib.SMTP):
    """A session of ``settings.EMAIL_WAITS``. ``before_message`` is called when nothing but the message is left to send:
    from there on, only the server's answer tells whether it took it."""

    before_message: Callable[[], None]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._within("session")
        super().__init__(*args, **kwargs)  # which connects

    def _within(self, whole: str, step: str = "") -> None:
        self.over = time.monotonic() + settings.EMAIL_WAITS[whole]
        self.step = settings.EMAIL_WAITS[step or whole]

    def getreply(self) -> tuple[int, bytes]:
        """A reply, in its time."""
        if self.file is None and self.sock is not None:
            self.file = io.BufferedReader(_Ear(self))
        self.ends = min(time.monotonic() + self.step, self.over)
        code, says = super().getreply()
        if code == 354:  # the message is what goes next
            self.step = settings.EMAIL_WAITS["message"]
            self._about_to_send()
        return code, says

    def _about_to_send(self) -> None:
        try:
            self.before_message()
        except BaseException:
            self.close()  # without the final dot: the server throws away what it has
            raise
        if self.sock is not None:
            self.sock.settimeout(self.step)

    def sendmail(self, *args: Any, **kwargs: Any) -> dict[str, tuple[int, bytes]]:
        """One mail."""
        self._within("mail", "command")
        return super().sendmail(*args, **kwargs)

    def quit(self) -> tuple[int, bytes]:
        """Leave; what was answered before stands."""
        self._within("quit")
        return super().quit()


class TimedSMTPOverTLS(TimedSMTP, smtplib.SMTP_SSL):
    """The same, TLS from the first byte."""


class TimedBackend(EmailBackend):
    """Django's, with these times. ``EMAIL_TIMEOUT`` is how long a server may take to accept the connection."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.before_message: Callable[[], None] = lambda: None

    @property
    def connection_class(self) -> type[TimedSMTP]:
        return TimedSMTPOverTLS if self.use_ssl else TimedSMTP

    def open(self) -> bool | None:
        """Connect, once."""
        opened = super().open()
        if isinstance(self.connection, TimedSMTP):
            self.connection.before_message = lambda: self.before_message()
        return opened
