"""A server of MongoDB's protocol as a process of the test."""

import os
import signal
import subprocess
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

    def signal(self, how: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(how)

    @property
    def uri(self) -> str:
        return f"mongodb://127.0.0.1:{self.port}/"
