"""The FastAPI service of bench/fastapi_rival as a process: one worker, any free port, ended by SIGTERM."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import tempfile
import urllib.request
from pathlib import Path
from typing import Self

from tests.functional.support.waiting import wait_until

ENVIRONMENT = Path("build/venv-bench")
SOURCES = Path(__file__).parent
RUNNING = re.compile(r"running on (http://\S+)")


def versions() -> str:
    """Of what it is built on, for the table."""
    names = ("fastapi", "uvicorn", "pymongo", "redis", "hiredis", "uvloop", "httptools", "orjson")
    told = (
        "import sys, importlib.metadata as m; "
        "print('Python ', sys.version.split()[0], *(f', {n} {m.version(n)}' for n in sys.argv[1:]), sep='')"
    )
    python = ENVIRONMENT / "bin/python"
    done = subprocess.run([python, "-c", told, *names], capture_output=True, text=True, check=True)
    return done.stdout.strip()


class Rival:
    """The service over one database and one Redis."""

    def __init__(self, mongodb_uri: str, database: str, redis_uri: str) -> None:
        places = {
            "RIVAL_MONGODB_URI": mongodb_uri,
            "RIVAL_DATABASE": database,
            "RIVAL_REDIS_URI": redis_uri,
        }
        quick = ["--loop", "uvloop", "--http", "httptools", "--no-access-log", "--workers", "1"]
        where = ["--app-dir", str(SOURCES), "--host", "127.0.0.1", "--port", "0"]
        self._folder = tempfile.TemporaryDirectory(prefix="parley-bench-")
        self._log = Path(self._folder.name) / "rival.log"
        with self._log.open("w") as log:
            self.process = subprocess.Popen(
                [ENVIRONMENT / "bin/python", "-m", "uvicorn", *where, *quick, "fastapi_rival.service:app"],
                stdout=log,
                stderr=log,
                env=os.environ | places,
            )
        wait_until(self._told, "the rival is there")
        self.url = RUNNING.findall(self._log.read_text())[0]

    def _told(self) -> bool:
        if self.process.poll() is not None:
            raise RuntimeError("the rival did not start: " + self._log.read_text())
        return RUNNING.search(self._log.read_text()) is not None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)
        self._folder.cleanup()

    def get_bytes(self, path: str) -> bytes:
        with urllib.request.urlopen(self.url + path, timeout=30) as answer:
            content: bytes = answer.read()
            return content
