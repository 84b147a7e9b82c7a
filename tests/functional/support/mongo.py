"""A server of MongoDB's protocol as a process of the test, and a proxy that can be told to go wrong."""

import contextlib
import os
import select
import socket
import subprocess
import threading
import uuid
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from .server import PATIENCE, ROOT

REAL = os.environ.get("PARLEY_TEST_MONGODB_URI")


def fresh_database() -> str:
    return "test_" + uuid.uuid4().hex


def store_over(uri: str, database: str | None = None) -> dict[str, Any]:
    """The part of a server's configuration that names this store."""
    return {"store": {"kind": "mongodb", "uri": uri, "database": database or fresh_database()}}


class mongo_server:
    """mongo-java-server on a data file. It ends with the object, and with this process."""

    def __init__(self, data_file: Path, port: int = 0) -> None:
        self.data_file = data_file
        self.port = port
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()

    def start(self) -> None:
        tool = [str(ROOT / "tools/dev/mongo_java.sh"), "path"]
        folder = Path(subprocess.run(tool, capture_output=True, text=True, check=True).stdout.strip())
        assert (folder / ".built").exists(), "the tests' MongoDB server is not there: ./dev setup test"
        self.data_file.parent.mkdir(parents=True, exist_ok=True)
        options = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx512m"]
        classes = ["-cp", f"{folder}/classes:{folder}/lib/*", "parley.MongoServer"]
        self._process = subprocess.Popen(
            ["java", *options, *classes, str(self.data_file), str(self.port)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline().rsplit(" ", 1)[1])

    def kill(self) -> None:
        """As if its machine had lost power for this process."""
        if self._process is None:
            return
        self._process.kill()
        self._process.wait(PATIENCE)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._process = None

    @property
    def uri(self) -> str:
        return f"mongodb://127.0.0.1:{self.port}/"


class fault_proxy:
    """Carries bytes both ways until it is told to `refuse` or to be a `black_hole`; `heal` ends that.

    Connections that fell into the black hole stay there: bytes that were lost do not come back.
    """

    def __init__(self, port: int) -> None:
        self._server = port
        self._mode = "carry"
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

    @property
    def uri(self) -> str:
        return f"mongodb://127.0.0.1:{self.port}/"

    def refuse(self) -> None:
        self._mode = "refuse"

    def black_hole(self) -> None:
        self._mode = "black_hole"

    def heal(self) -> None:
        self._mode = "carry"

    def _accept(self) -> None:
        while not self._over.is_set():
            if not select.select([self._listener], [], [], 0.05)[0]:
                continue
            client, _ = self._listener.accept()
            if self._mode == "refuse":
                client.close()
                continue
            thread = threading.Thread(target=self._carry, args=(client,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _carry(self, client: socket.socket) -> None:
        lost = False
        with (
            client,
            contextlib.suppress(OSError),
            socket.create_connection(("127.0.0.1", self._server)) as to,
        ):
            other = {client: to, to: client}
            while not self._over.is_set() and self._mode != "refuse":
                for source in select.select([client, to], [], [], 0.05)[0]:
                    data = source.recv(65536)
                    if not data:
                        return
                    lost = lost or self._mode == "black_hole"
                    if not lost:
                        other[source].sendall(data)
