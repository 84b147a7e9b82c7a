"""Reads through the whole product against a minimal Beast server that returns the same bytes."""

from __future__ import annotations

import contextlib
import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from measure import Comparison, interleave, wrk
from server import Server

CONNECTIONS = 64
MESSAGES = 50


@contextlib.contextmanager
def minimal_beast(pages: dict[str, bytes]) -> Iterator[str]:
    """Serves the pages with two threads; gives its address."""
    with tempfile.TemporaryDirectory() as folder:
        arguments = []
        for index, (path, content) in enumerate(pages.items()):
            file = Path(folder) / str(index)
            file.write_bytes(content)
            arguments.append(f"{path}={file}")
        program = Path(os.environ["PARLEY_BENCH_BIN"]) / "minimal_beast"
        process = subprocess.Popen([program, "0", "2", *arguments], stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        try:
            line = process.stdout.readline()
            yield "http://" + line.removeprefix("listening on ").strip()
        finally:
            process.kill()
            process.wait()


def text_of(number: int) -> str:
    """About 300 characters, as people write them."""
    return (
        f"Message {number}. " + "The quick brown fox jumps over the lazy dog; nothing here needs care. " * 4
    )


def compare_reads(seconds: int, pairs: int) -> dict[str, Comparison]:
    with Server() as parley:
        made = parley.call(
            "POST", "/api/v1/interactions", {"title": "Bench", "settings": {"prompt": "Be brief."}}
        )
        one = f"/api/v1/interactions/{made['interaction_id']}"
        for number in range(MESSAGES):
            parley.call("POST", one + "/messages", {"content": text_of(number), "respond": False})
        fifty = f"{one}/messages?limit={MESSAGES}"
        pages = {path: parley.get_bytes(path) for path in (one, fifty)}
        out = {}
        with minimal_beast(pages) as rival:
            for name, path in (("GET one interaction", one), ("list of 50 messages", fifty)):
                print(f"  {name}: {len(pages[path]):,} bytes", flush=True)
                out[name] = interleave(
                    lambda path=path: wrk(parley.url + path, seconds, CONNECTIONS),
                    lambda path=path: wrk(rival + path, seconds, CONNECTIONS),
                    pairs,
                )
        return out
