"""Users with keys on a server that wants them."""

import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .client import API, answer, client
from .server import server

BOOTSTRAP = "bootstrap-" + "k3y" * 12
USERS = f"{API}/users"


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def guarded(folder: Path, over: dict[str, Any] | None = None, bootstrap: str | None = BOOTSTRAP) -> server:
    variables = {} if bootstrap is None else {"PARLEY_AUTH_BOOTSTRAP_KEY": bootstrap}
    mode = (over or {}).get("auth", {}).get("mode", "api_key")
    settings = {**(over or {}), "auth": {**(over or {}).get("auth", {}), "mode": mode}}
    return server(folder, settings, variables=variables)


@dataclass(frozen=True)
class person:
    """Asks as somebody. Not for several threads at once."""

    api: client
    key: str
    user_id: str = ""

    def shown(self) -> dict[str, str]:
        """The headers that say who asks."""
        return bearer(self.key)

    def request(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> answer:
        return self.api.request(method, path, body, headers={**self.shown(), **(headers or {})})

    def get(self, path: str) -> answer:
        return self.request("GET", path)

    def create_interaction(self, **fields: Any) -> dict[str, Any]:
        made: dict[str, Any] = self.request("POST", f"{API}/interactions", fields).expect(201)
        return made

    def send(self, interaction_id: str, content: Any, **fields: Any) -> answer:
        path = f"{API}/interactions/{interaction_id}/messages"
        return self.request("POST", path, {"content": content, **fields})


@dataclass(frozen=True)
class named(person):
    """Whom a proxy names; the key is the name."""

    def shown(self) -> dict[str, str]:
        return {"X-Forwarded-User": self.key}


@dataclass(frozen=True)
class administrator(person):
    def new_user(self, **fields: Any) -> str:
        made = self.request("POST", USERS, fields).expect(201)
        return str(made["user_id"])

    def new_key(self, user_id: str, **fields: Any) -> dict[str, Any]:
        made: dict[str, Any] = self.request("POST", f"{USERS}/{user_id}/keys", fields).expect(201)
        return made

    def new_person(self, scopes: list[str] | None = None, **fields: Any) -> person:
        user_id = self.new_user(**fields)
        wanted = {} if scopes is None else {"scopes": scopes}
        return person(self.api, self.new_key(user_id, **wanted)["key"], user_id)


def first_administrator(api: client) -> administrator:
    return administrator(api, BOOTSTRAP)


def absent() -> str:
    return str(uuid.uuid4())
