"""gunicorn's threads, with a loop in front that holds each request until it is whole: who is slow keeps no thread.

What is not whole in time is closed; a connection that its visitor leaves open after the answer is let go aside.
`/livez` is answered by the loop: it says that the process lives when all of its threads wait for somebody else.
"""

import errno
import os
import re
import selectors
import socket
import time
from collections import deque
from contextlib import suppress
from functools import partial
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

HEAD_SECONDS, WHOLE_SECONDS = 10.0, 20.0
#: To write an answer; to read what is larger than the loop holds.
THREAD_SECONDS = 20.0
#: Of a request, in bytes: a head that gunicorn would refuse, a body that no form of ours reaches.
HEAD_MAXIMUM, BODY_HELD = 64 * 1024, 1024 * 1024
#: Of a process: connections at once, and the bytes that they may all have sent.
CONNECTIONS, HELD_MAXIMUM = 250, 64 * 1024 * 1024
#: All threads taken, newcomers are looked at so often, so few at a time: another process may be free for them.
TICK, A_TICK = 0.1, 16
LINGER_SECONDS, LINGER_BYTES = 2.0, 2 * 1024 * 1024

_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,12})[ \t]*\r\n", re.IGNORECASE)
_EXPECTS = re.compile(rb"\r\nexpect:[ \t]*100-continue[ \t]*\r\n", re.IGNORECASE)
_LATE = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


def commit() -> str:
    """Give the commit that this code is of, as the image was told when it was built; "" where nobody said."""
    return os.environ.get("MESPOINTS_COMMIT", "")


def _alive() -> bytes:
    lines = ["HTTP/1.1 200 OK", "Content-Type: text/plain", "Content-Length: 3", "Connection: close"]
    lines += ["Cache-Control: no-store", *([f"X-Commit: {commit()}"] if commit() else []), "", "ok\n"]
    return "\r\n".join(lines).encode()


class Connection(TConn):  # type: ignore[misc]  # gunicorn has no types
    """A connection, what it has sent, and until when it may send the rest."""

    def __init__(self, worker: "WholeRequests", sock: socket.socket, client: Any, server: Any) -> None:
        super().__init__(worker.cfg, sock, client, server)
        self.worker = worker
        self.held = bytearray()
        self.late_at = time.monotonic() + HEAD_SECONDS
        self.wanted = 0  # bytes of the whole request, once its head is there
        self.data_ready = True

    def is_whole(self) -> bool:
        """Say whether there is nothing more to wait for: a thread may have it, be it to refuse it."""
        if not self.wanted:
            end = self.held.find(b"\r\n\r\n")
            if end < 0:
                return len(self.held) > HEAD_MAXIMUM
            head = bytes(self.held[: end + 2])
            length = int(said[1]) if (said := _LENGTH.search(head)) else 0
            self.wanted = end + 4 + (length if length <= BODY_HELD else 0)
            self.late_at += WHOLE_SECONDS - HEAD_SECONDS
            if len(self.held) < self.wanted and _EXPECTS.search(head):
                self.say(b"HTTP/1.1 100 Continue\r\n\r\n")
        return len(self.held) >= self.wanted

    def say(self, octets: bytes) -> None:
        """Send a few bytes without waiting."""
        with suppress(OSError):
            self.sock.send(octets)

    def init(self) -> None:
        """gunicorn's, given what the loop has read; in the thread, nothing waits without an end."""
        super().init()
        self.sock.settimeout(THREAD_SECONDS)
        if self.held:
            self.parser.unreader.unread(bytes(self.held))
            self.held = bytearray()

    def close(self, graceful: bool = False) -> None:
        """gunicorn's waits two seconds, in the loop, for a visitor who does not close: ours waits beside it."""
        if graceful:
            self.worker.let_go(self.sock)
        else:
            super().close()


class WholeRequests(ThreadWorker):  # type: ignore[misc]
    """gunicorn's worker with threads, each of which is given whole requests only."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.worker_connections = CONNECTIONS
        self.arriving: dict[socket.socket, Connection] = {}
        self.leaving: dict[socket.socket, tuple[float, int]] = {}  # until when, and how much was thrown away
        self.waiting: dict[bool, deque[Connection]] = {False: deque(), True: deque()}  # whole, by whether it reads
        self.running = self.turn = 0
        self.looked_at = 0.0

    # --- Arriving ---------------------------------------------------------------------------------------------------

    def accept(self, listener: socket.socket) -> bool:
        """Take one who knocks, and read what they have sent already; False when nobody does."""
        try:
            sock, client = listener.accept()
        except OSError as error:
            if error.errno not in (errno.EAGAIN, errno.ECONNABORTED, errno.EWOULDBLOCK):
                raise
            return False
        if self.nr_conns >= CONNECTIONS and self.arriving:
            self.drop(next(iter(self.arriving.values())))  # the one that has been slow for longest
        self.nr_conns += 1
        connection = self.arriving[sock] = Connection(self, sock, client, listener.getsockname())
        self.poller.register(sock, selectors.EVENT_READ, partial(self.read, connection))
        self.read(connection, sock)
        return True

    def read(self, connection: Connection, sock: socket.socket) -> None:
        """Take what came; once it is whole, a thread does the rest."""
        try:
            came = sock.recv(BODY_HELD)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            came = b""
        connection.held += came
        if not came:
            self.drop(connection)
        elif connection.is_whole():
            self.forget(connection)
            if re.match(rb"(GET|HEAD) /livez[ ?]", connection.held):
                connection.say(_alive())
                self.nr_conns -= 1
                self.let_go(sock)
            else:
                self.waiting[connection.held.startswith((b"GET ", b"HEAD "))].append(connection)
                self.dispatch()
        elif sum(len(one.held) for one in self.arriving.values()) > HELD_MAXIMUM:
            self.drop(max(self.arriving.values(), key=lambda one: len(one.held)))

    def dispatch(self) -> None:
        """Give what is whole to the threads that are free: a page that is read goes before forms that are sent.

        Two hundred sign-ins at the same moment are as many forms, and each costs more than a page. One time in four a
        form goes first, so that no crowd of readers keeps them out.
        """
        sent, read = self.waiting[False], self.waiting[True]
        while self.running < self.cfg.threads and (sent or read):
            self.turn += 1
            self.running += 1
            self.enqueue_req((read if read and (not sent or self.turn % 4) else sent).popleft())

    def forget(self, connection: Connection) -> None:
        """Stop listening to one that was arriving."""
        del self.arriving[connection.sock]
        self.poller.unregister(connection.sock)

    def drop(self, connection: Connection) -> None:
        """Close one that is not whole."""
        self.forget(connection)
        self.nr_conns -= 1
        connection.close()

    # --- Leaving ----------------------------------------------------------------------------------------------------

    def finish_request(self, connection: Connection, future: Any) -> None:
        self.running -= 1
        self.dispatch()
        super().finish_request(connection, future)

    def let_go(self, sock: socket.socket) -> None:
        """Say that all was said, and throw away what still comes: closed at once, the answer could be lost."""
        try:
            sock.setblocking(False)
            sock.shutdown(socket.SHUT_WR)
            if len(self.leaving) >= CONNECTIONS:
                raise OSError
            self.poller.register(sock, selectors.EVENT_READ, self.throw_away)
        except OSError:
            sock.close()
        else:
            self.leaving[sock] = time.monotonic() + LINGER_SECONDS, 0

    def throw_away(self, sock: socket.socket) -> None:
        """Read for nothing, until the other end closes or there is too much of it."""
        until, thrown = self.leaving[sock]
        try:
            came = len(sock.recv(256 * 1024))
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            came = 0
        self.leaving[sock] = until, thrown + came
        if not came or thrown + came > LINGER_BYTES:
            self.end(sock)

    def end(self, sock: socket.socket) -> None:
        del self.leaving[sock]
        self.poller.unregister(sock)
        sock.close()

    # --- The loop ---------------------------------------------------------------------------------------------------

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        """gunicorn's, with newcomers left to a freer process for a moment, and an eye on the clock."""
        busy = self.running >= self.cfg.threads
        if self.alive:
            self.set_accept_enabled(not busy and self.nr_conns < CONNECTIONS)
        super().wait_for_and_dispatch_events(TICK if busy or self.arriving or self.leaving else timeout)
        if time.monotonic() - self.looked_at < TICK:
            return
        self.looked_at = time.monotonic()
        if busy and self.alive:
            self.look_out()
        self.close_the_late(self.looked_at)

    def look_out(self) -> None:
        """Take a few newcomers, threads or not: one may only ask whether we live."""
        for listener in self.sockets:
            for _ in range(A_TICK):
                if not self.accept(listener):
                    break

    def close_the_late(self, now: float) -> None:
        """Close what is not whole in time, and what was let go long enough ago."""
        for connection in [one for one in self.arriving.values() if one.late_at < now]:
            if connection.held:
                connection.say(_LATE)
            self.drop(connection)
        for sock in [sock for sock, (until, _) in self.leaving.items() if until < now]:
            self.end(sock)
