"""A typed client. Every answer it hands out was checked against the contract."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import httpx

from .contract import contract
from .events import event, read_events

API = "/api/v1"
ERROR_TYPES = {
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    409: "conflict_error",
    429: "rate_limit_error",
}


@dataclass(frozen=True)
class answer:
    status: int
    headers: httpx.Headers
    text: str
    body: Any  # parsed JSON, or None

    @property
    def code(self) -> str | None:
        return self.body.get("code") if isinstance(self.body, dict) else None

    def expect(self, status: int) -> Any:
        """The parsed body, if this is the status."""
        assert self.status == status, f"{self.status}: {self.text[:2000]}"
        return self.body

    def expect_error(self, status: int, code: str, param: str | None = None) -> None:
        """The error in both of its forms; `param` is compared when it is given."""
        assert (self.status, self.code) == (status, code), f"{self.status}: {self.text[:2000]}"
        problem = self.body
        assert self.headers["content-type"] == "application/problem+json"
        assert problem["status"] == status
        assert problem["error"]["code"] == code
        assert problem["error"]["message"] == problem["detail"] != ""
        assert problem["error"]["param"] == problem["param"]
        assert problem["error"]["type"] == ERROR_TYPES.get(
            status, "server_error" if status >= 500 else "invalid_request_error"
        )
        assert problem["type"] == f"urn:parley:error:{code}"
        assert problem["instance"].endswith(self.headers["x-request-id"])
        if param is not None:
            assert problem["param"] == param, self.text


@dataclass(frozen=True)
class stream:
    status: int
    headers: httpx.Headers
    _events: Iterator[event]

    def next(self) -> event:
        return next(self._events)

    def rest(self) -> list[event]:
        return list(self._events)


class client:
    """Thread safety: one request at a time."""

    def __init__(self, base_url: str, timeout: float = 60.0) -> None:
        self.base_url = base_url
        self._http = httpx.Client(base_url=base_url, timeout=timeout, follow_redirects=False, trust_env=False)
        self.contract = contract(self._http.get("/openapi.json").raise_for_status().json())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._http.close()

    # -- any request

    def request(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        content: bytes | None = None,
        headers: dict[str, str] | list[tuple[str, str]] | None = None,
        params: dict[str, Any] | list[tuple[str, Any]] | None = None,
    ) -> answer:
        """`body` is sent as JSON, `content` as it is; both as JSON by type unless `headers` say another."""
        sent = httpx.Headers(headers)
        if body is not None:
            content = json.dumps(body).encode()
        if content is not None and "Content-Type" not in sent:
            sent["Content-Type"] = "application/json"
        got = self._http.request(method, path, content=content, headers=sent, params=params)
        return self._checked(method, path, got)

    def get(self, path: str, **params: Any) -> answer:
        return self.request("GET", path, params=params or None)

    def _checked(self, method: str, path: str, got: httpx.Response) -> answer:
        content_type = got.headers.get("content-type", "")
        is_json = content_type.split(";")[0].endswith("json")
        body = got.json() if is_json and method != "HEAD" else None
        assert got.headers.get("x-request-id"), f"{method} {path}: no X-Request-Id"
        if method not in ("HEAD", "OPTIONS"):
            self.contract.check(method, path.split("?")[0], got.status_code, content_type, body)
        for page in pages_in(body):
            assert page["has_more"] == (page["next_cursor"] is not None), f"{method} {path}: {page}"
        return answer(got.status_code, got.headers, got.text, body)

    @contextmanager
    def stream(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> Iterator[stream]:
        with self._http.stream(method, path, json=body, headers=headers) as got:
            assert got.headers.get("x-request-id")
            if got.status_code == 200:
                assert got.headers["content-type"].split(";")[0] == "text/event-stream"
                assert got.headers["cache-control"] == "no-cache, no-transform"
                assert got.headers["x-accel-buffering"] == "no"
            yield stream(got.status_code, got.headers, read_events(got.iter_raw()))

    # -- the intentions of the API

    def create_interaction(self, **fields: Any) -> dict[str, Any]:
        created: dict[str, Any] = self.request("POST", f"{API}/interactions", fields).expect(201)
        return created

    def interaction(self, interaction_id: str) -> dict[str, Any]:
        found: dict[str, Any] = self.get(f"{API}/interactions/{interaction_id}").expect(200)
        return found

    def note(self, interaction_id: str, content: Any, **fields: Any) -> dict[str, Any]:
        """Stores a message without a reply."""
        body = {"content": content, "respond": False, **fields}
        sent = self.request("POST", f"{API}/interactions/{interaction_id}/messages", body).expect(201)
        assert sent["reply"] is None
        message: dict[str, Any] = sent["user_message"]
        return message

    def say(self, interaction_id: str, content: Any, **fields: Any) -> dict[str, Any]:
        """A turn without a stream; the final reply."""
        body = {"content": content, **fields}
        sent = self.request("POST", f"{API}/interactions/{interaction_id}/messages", body).expect(201)
        reply: dict[str, Any] = sent["reply"]
        return reply

    def send(self, interaction_id: str, content: Any, **fields: Any) -> answer:
        return self.request("POST", messages_path(interaction_id), {"content": content, **fields})

    def messages(self, interaction_id: str) -> list[dict[str, Any]]:
        """All of them, oldest first."""
        found: list[dict[str, Any]] = []
        cursor: dict[str, str] = {}
        while True:
            page = self.get(messages_path(interaction_id), order="asc", limit=100, **cursor).expect(200)
            found += page["data"]
            if not page["has_more"]:
                return found
            cursor = {"cursor": page["next_cursor"]}


def pages_in(body: Any) -> list[dict[str, Any]]:
    """The pages of a list in an answer: itself, or a member."""
    candidates = [body, *body.values()] if isinstance(body, dict) else []
    return [one for one in candidates if isinstance(one, dict) and "has_more" in one]


def messages_path(interaction_id: str, message_id: str | None = None, action: str | None = None) -> str:
    path = f"{API}/interactions/{interaction_id}/messages"
    return path + "".join(f"/{part}" for part in (message_id, action) if part is not None)


def script(tokens: list[str], **fields: Any) -> str:
    """What makes the scripted model say these tokens."""
    return "script:" + json.dumps({"tokens": tokens, **fields})


def begin(one: client, interaction_id: str, content: str) -> str:
    """Starts a reply and leaves it to itself when the model has begun it; its id."""
    with one.stream("POST", messages_path(interaction_id), {"content": content, "stream": True}) as turn:
        created: str = turn.next().data["reply"]["message_id"]
        turn.next()
    return created
