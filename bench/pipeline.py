"""Requests over one connection, many before the first answer: for filling a store quickly."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

AT_ONCE = 64

Call = tuple[str, str, dict[str, Any], str]  # method, path, body, key


class Pipeline:
    def __init__(self, url: str) -> None:
        where = urlsplit(url)
        self._socket = socket.create_connection((where.hostname or "", where.port or 80))
        self._input = self._socket.makefile("rb")

    def close(self) -> None:
        self._input.close()
        self._socket.close()

    def run(self, calls: Iterable[Call]) -> Iterator[Any]:
        """The answers in order; one that is no 2xx is an error."""
        waiting = iter(calls)
        while batch := list(islice(waiting, AT_ONCE)):
            self._socket.sendall(b"".join(self._bytes_of(call) for call in batch))
            for _ in batch:
                yield self._read_answer()

    @staticmethod
    def _bytes_of(call: Call) -> bytes:
        method, path, body, key = call
        content = json.dumps(body).encode()
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
        )
        return head.encode() + content

    def _read_answer(self) -> Any:
        status = self._input.readline()
        length = 0
        while (line := self._input.readline()) != b"\r\n":
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        content = self._input.read(length)
        if status.split()[1][:1] != b"2":
            raise RuntimeError(f"{status!r}: {content[:500]!r}")
        return json.loads(content)
