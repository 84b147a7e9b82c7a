"""How long requests take that come at a steady pace, whatever happens beside them."""

from __future__ import annotations

import http.client
import json
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Call:
    method: str
    path: str
    body: dict[str, Any] | None = None


def quantile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


class Asker:
    """One connection, one key."""

    def __init__(self, url: str, key: str) -> None:
        where = urlsplit(url)
        self._http = http.client.HTTPConnection(where.hostname or "", where.port, timeout=30)
        self._headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}

    def ask(self, call: Call) -> tuple[int, Any]:
        body = None if call.body is None else json.dumps(call.body)
        self._http.request(call.method, call.path, body, self._headers)
        answer = self._http.getresponse()
        text = answer.read()
        return answer.status, json.loads(text) if text else None

    def close(self) -> None:
        self._http.close()


def steady(url: str, key: str, calls: list[Call], per_second: float, seconds: float) -> list[float]:
    """Milliseconds of each request, from when it was due: who is held up counts what waits behind it. A
    request that is refused is an error."""
    asker = Asker(url, key)
    took: list[float] = []
    begun = time.perf_counter()
    for number in range(int(per_second * seconds)):
        due = begun + number / per_second
        time.sleep(max(0.0, due - time.perf_counter()))
        status, body = asker.ask(calls[number % len(calls)])
        if status >= 300:
            raise RuntimeError(f"{status}: {body}")
        took.append((time.perf_counter() - due) * 1000)
    asker.close()
    return took
