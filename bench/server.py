"""A Parley server for measurements: a folder of its own, any free port, ended by SIGTERM."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any, Self

READY = re.compile(r"api (http://[^ ]+)/api/v1")


def binary() -> str:
    return os.environ.get("PARLEY_BINARY", "build/release/parley")


class Server:
    """Without a model. `sections` (YAML flow texts) go into the configuration, in place of the default's."""

    def __init__(self, **sections: str) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="parley-bench-")
        config = Path(self._folder.name) / "bench.yaml"
        told = {"server": "{port: 0}", "store": "{path: data}", "models": "[]"} | sections
        config.write_text("".join(f"{name}: {text}\n" for name, text in told.items()))
        started = time.perf_counter()
        self.process = subprocess.Popen(
            [binary(), "serve", "--config", str(config)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        self.start_up_seconds = time.perf_counter() - started
        match = READY.search(line)
        if match is None:
            raise RuntimeError(f"no ready line, but {line!r}")
        self.url = match.group(1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.send_signal(signal.SIGTERM)
        if self.process.wait(30) != 0:
            raise RuntimeError(f"the server ended with {self.process.returncode}")
        self._folder.cleanup()

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            self.url + path, data=data, method=method, headers={"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read())

    def get_bytes(self, path: str) -> bytes:
        with urllib.request.urlopen(self.url + path, timeout=30) as answer:
            content: bytes = answer.read()
            return content

    def metric_sum(self, name: str) -> float:
        """Sum over all labels of one sample name."""
        total = 0.0
        for line in self.get_bytes("/metrics").decode().splitlines():
            if line.startswith((name + " ", name + "{")):
                total += float(line.rsplit(" ", 1)[1])
        return total

    def resident_mib(self) -> float:
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        match = re.search(r"VmRSS:\s+(\d+) kB", status)
        assert match is not None
        return int(match.group(1)) / 1024
