"""What the tests' proxies have in common: a port on the loopback, and a thread for each connection to it."""

import select
import socket
import threading
from types import TracebackType
from typing import Self

from .server import PATIENCE


class loopback_listener:
    """Gives each connection to `_carry`, on a thread of its own, until it is left.

    Who derives from it sets his own members first: from __init__ on connections may come.
    """

    def __init__(self) -> None:
        self._over = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        for one in self._threads:
            one.join(PATIENCE)
        self._listener.close()

    def _accept(self) -> None:
        while not self._over.is_set():
            if not select.select([self._listener], [], [], 0.05)[0]:
                continue
            client, _ = self._listener.accept()
            if not self._admits():
                client.close()
                continue
            thread = threading.Thread(target=self._carry, args=(client,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _admits(self) -> bool:
        """Whether a connection that has just come is served; it is closed otherwise."""
        return True

    def _carry(self, client: socket.socket) -> None:
        """Serves one connection and closes it; to look at `_over` now and then."""
        raise NotImplementedError
