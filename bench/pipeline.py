"""Requests over many connections, one on each before the first answer: for filling a store quickly."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, BinaryIO
from urllib.parse import urlsplit

AT_ONCE = 64

Call = tuple[str, str, dict[str, Any], str]  # method, path, body, key


class Pipeline:
    def __init__(self, url: str) -> None:
        where = urlsplit(url)
        address = (where.hostname or "", where.port or 80)
        self._sockets = [socket.create_connection(address) for _ in range(AT_ONCE)]
        self._inputs = [one.makefile("rb") for one in self._sockets]

    def close(self) -> None:
        for answer, one in zip(self._inputs, self._sockets, strict=True):
            answer.close()
            one.close()

    def run(self, calls: Iterable[Call]) -> Iterator[Any]:
        """The answers in order; one that is no 2xx is an error."""
        waiting = iter(calls)
        while batch := list(islice(waiting, AT_ONCE)):
            for one, call in zip(self._sockets, batch, strict=False):
                one.sendall(self._bytes_of(call))
            for answer in self._inputs[: len(batch)]:
                yield self._read(answer)

    @staticmethod
    def _bytes_of(call: Call) -> bytes:
        method, path, body, key = call
        content = json.dumps(body).encode()
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
        )
        return head.encode() + content

    @staticmethod
    def _read(answer: BinaryIO) -> Any:
        status = answer.readline()
        length = 0
        while (line := answer.readline()) != b"\r\n":
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        content = answer.read(length)
        if status.split()[1][:1] != b"2":
            raise RuntimeError(f"{status!r}: {content[:500]!r}")
        return json.loads(content)
