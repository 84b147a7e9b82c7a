"""What the server shows in a terminal: a line that moves while models load, and a log to read."""

import json
import os
import pty
import re
import select
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from .support.client import client
from .support.server import BINARY, PATIENCE, READY, environment, server

LOADING = 600.0  # seconds, of a model on a busy machine


class started:
    """A server whose errors go to a terminal; its ready line comes by a pipe, as to another program."""

    def __init__(self, file: Path) -> None:
        self._tty, its = pty.openpty()
        self.seen = ""
        self.process = subprocess.Popen(
            [str(BINARY), "serve", "--config", str(file)],
            stdout=subprocess.PIPE,
            stderr=its,
            env=environment(),
            text=True,
        )
        os.close(its)

    def _read(self, seconds: float) -> bool:
        """Whether something came. At the end of the other side a terminal gives an error."""
        if not select.select([self._tty], [], [], seconds)[0]:
            return False
        try:
            self.seen += os.read(self._tty, 65536).decode("utf-8", "replace")
        except OSError:
            return False
        return True

    def sees(self, pattern: str, seconds: float = PATIENCE) -> re.Match[str]:
        deadline = time.monotonic() + seconds
        while not (found := re.search(pattern, self.seen)):
            assert self._read(max(0.0, deadline - time.monotonic())), (pattern, self.seen)
        return found

    def url(self) -> str:
        assert self.process.stdout is not None
        found = READY.search(self.process.stdout.readline())
        assert found, self.seen
        return f"http://127.0.0.1:{found[1]}"

    def end(self) -> str:
        """All that it showed."""
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(PATIENCE) == 0, self.seen
        while self._read(0):
            pass
        return self.seen

    def close(self) -> None:
        self.process.kill()
        self.process.wait(PATIENCE)
        if self.process.stdout is not None:
            self.process.stdout.close()
        os.close(self._tty)


@contextmanager
def serving(folder: Path, over: dict[str, Any]) -> Iterator[started]:
    one = started(server(folder, {"log": {"format": "auto"}, **over}).config_file())
    try:
        yield one
    finally:
        one.close()


def test_a_terminal_gets_a_log_to_read(tmp_path: Path) -> None:
    with serving(tmp_path, {}) as one:
        with client(one.url()) as api:
            api.request("GET", "/healthz", headers={"X-Request-Id": "of-the-test"})
        line = one.sees(r"(?m)^.*of-the-test.*$")[0].strip()
        shown = one.end()
    assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z info  request ", line), line
    assert {"request_id=of-the-test", "method=GET", "status=200"} <= set(line.split()), line
    assert "shutting down" in shown
    assert "{" not in shown


def test_everything_else_gets_json(tmp_path: Path) -> None:
    with server(tmp_path, {"log": {"format": "auto"}}) as one:
        with one.client() as api:
            api.get("/healthz")
        one.stop()
        assert all(
            {"time", "level", "event"} <= set(json.loads(line)) for line in one.log_text().splitlines()
        )


@pytest.mark.real_model
@pytest.mark.timeout(900)
def test_a_line_shows_how_far_a_model_is_loaded(tmp_path: Path) -> None:
    path = os.environ["PARLEY_TEST_MODEL"]
    model = {"name": "default", "kind": "llama", "path": path, "context_window": 256, "threads": 1}
    with serving(tmp_path, {"models": [model]}) as one:
        shares = {int(one.sees(r"\r {1,2}loading default +(\d+) %", LOADING)[1])}
        one.sees("model ready", LOADING)
        shown = one.end()
    shares |= {int(share) for share in re.findall(r"loading default +(\d+) %", shown)}
    assert shares <= set(range(101))
    # The line is written over, and its place is clean when the log goes on.
    moving, _, _ = shown.partition("model ready")
    last = moving.rpartition("loading default")[2]
    assert re.search(r"%\s*\r +\r?\S+Z info  $|%\s*\r +\S+Z info  $|\r\S+Z info  $", last), repr(last)


@pytest.mark.real_model
@pytest.mark.timeout(900)
def test_there_is_no_such_line_for_other_programs(tmp_path: Path) -> None:
    path = os.environ["PARLEY_TEST_MODEL"]
    model = {"name": "default", "kind": "llama", "path": path, "context_window": 256, "threads": 1}
    one = server(tmp_path, {"models": [model]})
    one.start(wait=False)
    one.wait_for_log("model ready")
    one.stop()
    assert "loading default" not in one.log_text()
    assert "\r" not in one.log_text()
