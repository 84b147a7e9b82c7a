"""The real program as a process of the test."""

import contextlib
import json
import os
import re
import signal
import subprocess
import threading
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import yaml

from .client import client
from .raw import raw_connection
from .waiting import wait_until

ROOT = Path(__file__).resolve().parents[3]
BINARY = Path(os.environ.get("PARLEY_BINARY", ROOT / "build/dev/parley"))
READY = re.compile(r"http://[^ /]+:(\d+)/api/v1")
SANITIZED = os.environ.get("PARLEY_PRESET", "dev") in ("asan-ubsan", "tsan")
PATIENCE = 120.0 if SANITIZED else 30.0  # seconds

SCRIPTED = {"name": "scripted", "kind": "scripted"}

config = dict[str, Any]


def merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> config:
    result = dict(base)
    for key, value in over.items():
        old = result.get(key)
        both = isinstance(old, Mapping) and isinstance(value, Mapping)
        result[key] = merged(old, value) if both else value  # type: ignore[arg-type]
    return result


def environment() -> dict[str, str]:
    """Ours, without what would configure the server."""
    return {key: value for key, value in os.environ.items() if not key.startswith("PARLEY_")}


class server:
    """Starts with `with`, and must end with exit code 0 unless it was killed.

    `over` is merged into a configuration with the scripted model, port 0 and `folder` for the data.
    `wrapper` is put before the command, `variables` into its environment.
    """

    def __init__(
        self,
        folder: Path,
        over: Mapping[str, Any] | None = None,
        wrapper: tuple[str, ...] = (),
        variables: Mapping[str, str] | None = None,
    ) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.wrapper = wrapper
        self.variables = dict(variables or {})
        self.config = merged(
            {
                "server": {"host": "127.0.0.1", "port": 0},
                "store": {"path": str(self.data)},
                "models": [SCRIPTED],
                "titles": {"mode": "off"},
                "log": {"level": "info", "format": "json", "requests": "all"},
            },
            over or {},
        )
        self.port = 0
        self._process: subprocess.Popen[str] | None = None
        self._reader: threading.Thread | None = None
        self._log: Path = folder / "server.log"
        self.ready_line = ""

    # -- life

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self.stop()
        else:
            self.kill()
            print(f"--- log of {self.folder} ---\n{self.log_text()[-20000:]}")

    def config_file(self) -> Path:
        self.folder.mkdir(parents=True, exist_ok=True)
        file = self.folder / "parley.yaml"
        file.write_text(yaml.safe_dump(self.config, sort_keys=False), encoding="utf-8")
        return file

    def start(self, wait: bool = True) -> None:
        """Returns when the ready line has come."""
        assert self._process is None
        command = [*self.wrapper, str(BINARY), "serve", "--config", str(self.config_file())]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                command,
                stdout=subprocess.PIPE,
                stderr=log,
                env=environment() | self.variables,
                text=True,
                cwd=self.folder,
            )
        ready = threading.Event()
        self._reader = threading.Thread(target=self._read_stdout, args=(self._process, ready), daemon=True)
        self._reader.start()
        if not wait:
            return
        came = ready.wait(PATIENCE)
        if not came or not self.port:
            self.kill()
            raise AssertionError(f"the server did not get ready:\n{self.log_text()[-20000:]}")

    def _read_stdout(self, process: subprocess.Popen[str], ready: threading.Event) -> None:
        assert process.stdout is not None
        with process.stdout as lines, (self.folder / "stdout.txt").open("a", encoding="utf-8") as copy:
            for line in lines:
                copy.write(line)
                copy.flush()
                if found := READY.search(line):
                    self.ready_line = line.rstrip("\n")
                    self.port = int(found[1])
                    ready.set()
        ready.set()

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Asks it to end and demands exit code 0."""
        if self._process is None:
            return
        self._process.send_signal(how)
        self.wait_for_exit(0)

    def wait_for_exit(self, code: int) -> None:
        assert self._process is not None
        try:
            ended = self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"the server did not end:\n{self.log_text()[-20000:]}") from None
        self._forget()
        assert ended == code, f"exit code {ended}:\n{self.log_text()[-20000:]}"

    def kill(self) -> None:
        """As if the machine had lost power for this process."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
            self._process.wait(PATIENCE)
            self._forget()

    def _forget(self) -> None:
        if self._reader is not None:
            self._reader.join(PATIENCE)
        self._process, self._reader, self.port = None, None, 0

    def signal(self, how: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(how)

    # -- access

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def base_url(self) -> str:
        assert self.port, "the server does not run"
        return f"http://127.0.0.1:{self.port}"

    def client(self, timeout: float = PATIENCE) -> client:
        return client(self.base_url, timeout)

    def raw(self, seconds: float = PATIENCE) -> raw_connection:
        return raw_connection(self.port, seconds)

    def resident_bytes(self) -> int:
        """Memory of the process that is in use now."""
        assert self._process is not None
        pages = Path(f"/proc/{self._process.pid}/statm").read_text().split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    def log_text(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace") if self._log.exists() else ""

    def log_lines(self) -> list[dict[str, Any]]:
        """What it logged so far; every line is one JSON object."""
        return [json.loads(line) for line in self.log_text().splitlines() if line]

    def wait_for_log(self, text: str) -> None:
        wait_until(lambda: text in self.log_text(), f"the log says {text!r}", PATIENCE)


def run_parley(
    *arguments: str, timeout: float = PATIENCE, **options: Any
) -> subprocess.CompletedProcess[str]:
    """A command that ends by itself."""
    command = [str(BINARY), *arguments]
    settings = {"capture_output": True, "text": True, "env": environment(), "check": False, **options}
    done: subprocess.CompletedProcess[str] = subprocess.run(command, timeout=timeout, **settings)
    return done
