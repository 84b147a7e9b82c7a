"""llama-server, out of the same source as the embedded models, as a process of the test."""

import json
import os
import subprocess
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from .redis import free_port
from .waiting import wait_until

PROGRAM = os.environ.get("PARLEY_LLAMA_SERVER", "")


class llama_server:
    def __init__(self, folder: Path, model: str, *options: str) -> None:
        self.port = free_port()
        self._log = folder / "llama-server.log"
        self._command = [
            *(PROGRAM, "--model", model, "--alias", "smol", "--host", "127.0.0.1", "--port", str(self.port)),
            *("--ctx-size", "2048", "--parallel", "2", "--threads", "1", "--jinja", "--slots", *options),
        ]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()
        if error is not None:
            print(f"--- log of llama-server ---\n{self._log.read_text(errors='replace')[-10000:]}")

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(self._command, stdout=log, stderr=log)
        wait_until(lambda: self.get("/health") is not None, "llama-server has loaded its model", 300)

    def kill(self) -> None:
        if self._process is None:
            return
        self._process.kill()
        self._process.wait()
        self._process = None

    def get(self, path: str) -> Any:
        """None while it is not ready."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
                return json.load(answer)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return None

    def busy(self) -> int:
        """How many of its slots write something."""
        slots = self.get("/slots")
        assert slots is not None, "llama-server does not answer"
        return sum(1 for slot in slots if slot["is_processing"])
