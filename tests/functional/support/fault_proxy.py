"""A TCP proxy on the loopback that can be told to go wrong."""

import contextlib
import select
import socket
import threading

from .loopback import loopback_listener


class fault_proxy(loopback_listener):
    """Carries bytes both ways until it is told otherwise; `heal` ends that.

    Connections that fell into the black hole stay there: bytes that were lost do not come back.
    Thread safety: all functions from any thread.
    """

    def __init__(self, port: int) -> None:
        self._server = port
        self._mode = "carry"
        self._delay = 0.0
        self._word: bytes | None = None
        self._guard = threading.Lock()
        self.replies_lost = 0
        super().__init__()

    def refuse(self) -> None:
        """Every connection ends, new ones at once."""
        self._mode = "refuse"

    def black_hole(self) -> None:
        """Nothing is carried any more in either direction, and nobody is told."""
        self._mode = "black_hole"

    def slow(self, seconds: float) -> None:
        """Every reply comes this much later."""
        self._delay = seconds

    def lose_reply(self, word: bytes) -> None:
        """The next request with this word in it is carried out; instead of its reply the connection ends."""
        with self._guard:
            self._word = word

    def heal(self) -> None:
        self._mode, self._delay = "carry", 0.0
        with self._guard:
            self._word = None

    def _admits(self) -> bool:
        return self._mode != "refuse"

    def _is_to_lose(self, request: bytes) -> bool:
        with self._guard:
            if self._word is None or self._word not in request:
                return False
            self._word = None
            return True

    def _carry(self, client: socket.socket) -> None:
        fell_in = False  # the black hole
        losing = False  # the reply to the request that was chosen
        with (
            client,
            contextlib.suppress(OSError),
            socket.create_connection(("127.0.0.1", self._server)) as to,
        ):
            for end in (client, to):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            other = {client: to, to: client}
            while not self._over.is_set() and self._mode != "refuse":
                for source in select.select([client, to], [], [], 0.05)[0]:
                    data = source.recv(65536)
                    if not data:
                        return
                    if source is client:
                        losing = losing or self._is_to_lose(data)
                    elif losing:
                        self.replies_lost += 1
                        return
                    elif self._delay:
                        self._over.wait(self._delay)
                    fell_in = fell_in or self._mode == "black_hole"
                    if not fell_in:
                        other[source].sendall(data)
