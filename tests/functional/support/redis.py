"""A redis-server as a process of the test, on a free port of the loopback."""

import contextlib
import random
import signal
import socket
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Self

from .waiting import wait_until


def free_port() -> int:
    """Below those that the system gives to connections, one of which could take it before the server does."""
    while True:
        port = random.randint(16_000, 32_000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


class redis_server:
    """Starts with `with`; only ever this process is stopped or killed."""

    def __init__(self, folder: Path, *arguments: str, password: str = "") -> None:
        self.folder = folder
        self.port = free_port()
        self.arguments = arguments + (("--requirepass", password) if password else ())
        self.password = password
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()

    def start(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        settings = ("--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder))
        quiet = ("--save", "", "--appendonly", "no", *self.arguments)
        with (self.folder / "redis.log").open("ab") as log:
            self._process = subprocess.Popen(["redis-server", *settings, *quiet], stdout=log, stderr=log)
        wait_until(self._answers, "redis-server answers")

    def _answers(self) -> bool:
        with contextlib.suppress(OSError):
            return self.ask("PING") == "+PONG"
        return False

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait(20)
            self._process = None

    def signal(self, how: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(how)

    def ask(self, *words: str) -> str:
        """The first line of the reply to one command."""
        with socket.create_connection(("127.0.0.1", self.port), 20) as one, one.makefile("rb") as lines:
            if self.password:
                one.sendall(_command("AUTH", self.password))
                assert lines.readline() == b"+OK\r\n"
            one.sendall(_command(*words))
            return lines.readline().decode().rstrip("\r\n")

    @property
    def uri(self) -> str:
        user = f":{self.password}@" if self.password else ""
        return f"redis://{user}127.0.0.1:{self.port}/0"


def _command(*words: str) -> bytes:
    parts = [f"*{len(words)}\r\n", *(f"${len(word.encode())}\r\n{word}\r\n" for word in words)]
    return "".join(parts).encode()
