"""What the tests of the cache share."""

from .client import API, client
from .redis import redis_server

HITS = 'parley_cache_lookups_total{kind="interaction",outcome="hit"}'
TIMEOUT = 1.5  # seconds, of one command: much, so that a busy machine is not taken for a slow Redis


def with_redis(one: redis_server, port: int | None = None) -> dict[str, object]:
    """The part of a server's configuration that names this cache, or another port that leads to it."""
    uri = one.uri if port is None else one.uri.replace(str(one.port), str(port))
    return {"cache": {"kind": "redis", "uri": uri, "timeout": f"{TIMEOUT * 1000:.0f}ms"}}


def cache_state(api: client) -> str:
    state: str = api.get("/readyz").expect(200)["checks"]["cache"]
    return state


def rename(api: client, interaction_id: str, title: str) -> None:
    api.request("PATCH", f"{API}/interactions/{interaction_id}", {"title": title}).expect(200)
