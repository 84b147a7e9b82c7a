"""The cache of the real program: in the process, in Redis, and without any."""

import json
from pathlib import Path

import pytest

from .conftest import start_server
from .support.cache import HITS, cache_state, rename
from .support.client import API
from .support.redis import free_port, redis_server
from .support.server import run_parley, server
from .test_operations import exposition


def test_the_cache_in_the_process_is_the_default(new_server: start_server) -> None:
    with new_server().client() as api:
        interaction_id = api.create_interaction(title="one")["interaction_id"]
        for _ in range(3):
            assert api.interaction(interaction_id)["title"] == "one"
        assert exposition(api)[HITS] >= 2
        assert exposition(api)["parley_cache_up"] == 1
        rename(api, interaction_id, "two")
        assert api.interaction(interaction_id)["title"] == "two"
        api.note(interaction_id, "hello")
        assert api.interaction(interaction_id)["message_count"] == 1
        api.say(interaction_id, "hello")
        assert api.interaction(interaction_id)["message_count"] == 3
        api.request("PATCH", f"{API}/users/me", {"name": "Ada"}).expect(200)
        assert api.get(f"{API}/users/me").expect(200)["name"] == "Ada"


def test_without_a_cache(new_server: start_server) -> None:
    with new_server({"cache": {"kind": "none"}}).client() as api:
        interaction_id = api.create_interaction(title="one")["interaction_id"]
        assert api.interaction(interaction_id)["title"] == "one"
        assert cache_state(api) == "off"
        assert exposition(api)[HITS] == 0


def test_redis_keeps_interactions_and_every_write_is_seen(
    new_server: start_server, redis: redis_server
) -> None:
    # Time enough that nothing passes it by on a busy machine.
    patient = {"cache": {"kind": "redis", "uri": redis.uri, "timeout": "2s"}}
    with new_server(patient).client() as api:
        assert cache_state(api) == "ok"
        interaction_id = api.create_interaction(title="0")["interaction_id"]
        for number in range(20):
            assert api.interaction(interaction_id)["title"] == str(number)
            assert api.interaction(interaction_id)["title"] == str(number)
            rename(api, interaction_id, str(number + 1))
        assert exposition(api)[HITS] >= 20
        assert api.interaction(interaction_id)["title"] == "20"
        assert int(redis.ask("DBSIZE").removeprefix(":")) >= 1
        api.request("DELETE", f"{API}/interactions/{interaction_id}").expect(204)
        api.get(f"{API}/interactions/{interaction_id}").expect_error(404, "interaction_not_found")


def test_a_start_without_redis_is_a_warning(new_server: start_server, tmp_path: Path) -> None:
    one: server = new_server({"cache": {"kind": "redis", "uri": f"redis://127.0.0.1:{free_port()}"}})
    with one.client() as api:
        assert cache_state(api) == "unavailable"
        api.interaction(api.create_interaction()["interaction_id"])
    warning = next(line for line in one.log_lines() if "cache unavailable" in json.dumps(line))
    assert warning["level"] == "warn"
    assert "Connection refused" in json.dumps(warning)


def test_wrong_credentials_say_what_to_do_and_passwords_are_never_told(
    tmp_path: Path, new_server: start_server, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = "the-secret-password"
    with redis_server(tmp_path / "redis", password=secret) as redis:
        one: server = new_server({"cache": {"kind": "redis", "uri": f"redis://127.0.0.1:{redis.port}"}})
        one.wait_for_log("PARLEY_CACHE_URI")
        one.stop()
        file = one.folder / "parley.yaml"
        shown = run_parley(
            "check-config", "--config", str(file), env={"PARLEY_CACHE_URI": redis.uri, "HOME": "/"}
        )
        assert shown.returncode == 0, shown.stderr
        assert secret not in shown.stdout + shown.stderr
        assert "redis://:***@127.0.0.1" in shown.stdout
        refused = run_parley(
            "serve", "--config", str(file), env={"PARLEY_CACHE_URI": f"redis://:{secret}@h:x", "HOME": "/"}
        )
        assert refused.returncode == 1
        assert "The URI of the cache" in refused.stderr
        assert secret not in refused.stdout + refused.stderr
