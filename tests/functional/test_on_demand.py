"""Embedded models that are loaded when somebody asks for them, with the real model."""

import os
from typing import Any

import pytest

from .conftest import start_server
from .support.client import API, client

pytestmark = pytest.mark.real_model

MIB = 1024 * 1024


def embedded(name: str, **over: Any) -> dict[str, Any]:
    path = os.environ["PARLEY_TEST_MODEL"]
    small = {"parallel": 1, "context_window": 256, "default_max_output_tokens": 4}
    return {"name": name, "kind": "llama", "path": path, "load": "on_demand", **small, **over}


def states(api: client) -> dict[str, str]:
    return {one["name"]: one["state"] for one in api.get(f"{API}/models").expect(200)["data"]}


def talk_to(api: client, model: str) -> str:
    return str(api.create_interaction(settings={"model_name": model})["interaction_id"])


def test_a_model_is_loaded_by_the_first_who_asks(new_server: start_server) -> None:
    with new_server({"models": [embedded("one")]}).client() as api:
        assert states(api) == {"one": "unloaded"}
        api.get("/readyz").expect(200)
        reply, told = loading_events(api, talk_to(api, "one"))
        assert reply["status"] == "complete"
        assert states(api) == {"one": "ready"}
        assert {name for name, _ in told} == {"one"}
        shares = [share for _, share in told]
        assert shares == sorted(shares)
        assert all(0 <= share <= 1 for share in shares)


def loading_events(api: client, talk: str) -> tuple[dict[str, Any], list[tuple[str, float]]]:
    """A reply, and what was told of models that were loaded for it."""
    told: list[tuple[str, float]] = []
    with api.stream("GET", f"{API}/events") as events:
        assert events.next().name == "reset"
        reply = api.say(talk, "Hello")
        while (event := events.next()).name != "reply.ended":
            if event.name == "reply.loading":
                assert event.data["reply"]["message_id"] == reply["message_id"]
                told.append((event.data["model_name"], event.data["loaded"]))
    return reply, told


def test_one_that_a_route_falls_back_to_is_loaded_with_progress(new_server: start_server) -> None:
    config = {
        "upstreams": [{"name": "gone", "base_url": "http://127.0.0.1:9/v1"}],
        "models": [
            {"name": "remote", "kind": "upstream", "upstream": "gone"},
            embedded("own"),
            {"name": "either", "kind": "route", "targets": ["remote", "own"]},
        ],
    }
    with new_server(config).client() as api:
        reply, told = loading_events(api, talk_to(api, "either"))
        assert [one["outcome"] for one in reply["attempts"]] == ["upstream_unreachable", "ok"]
        assert {name for name, _ in told} == {"own"}
        shares = [share for _, share in told]
        assert shares == sorted(shares)
        assert all(0 <= share <= 1 for share in shares)
        # Once it is in memory there is nothing to tell.
        assert loading_events(api, talk_to(api, "either"))[1] == []


def test_the_one_not_used_for_longest_makes_room(new_server: start_server) -> None:
    size = os.path.getsize(os.environ["PARLEY_TEST_MODEL"])
    config = {"models": [embedded("a"), embedded("b")], "model_memory": f"{size // MIB * 3 // 2}MiB"}
    with new_server(config).client() as api:
        first = talk_to(api, "a")
        assert api.say(first, "Hello")["status"] == "complete"
        assert api.say(talk_to(api, "b"), "Hello")["status"] == "complete"
        assert states(api) == {"a": "unloaded", "b": "ready"}
        assert api.say(first, "Again")["status"] == "complete"
        assert states(api) == {"a": "ready", "b": "unloaded"}


def test_one_that_can_not_be_loaded_leaves_the_others_serving(new_server: start_server) -> None:
    config = {"models": [embedded("good"), embedded("bad", path="/nowhere/model.gguf")]}
    with new_server(config).client() as api:
        bad = api.create_interaction(settings={"model_name": "bad"})["interaction_id"]
        api.send(bad, "Hello").expect_error(503, "model_failed")
        assert api.say(talk_to(api, "good"), "Hello")["status"] == "complete"
        assert states(api) == {"good": "ready", "bad": "failed"}


def test_a_model_larger_than_the_memory_says_so(new_server: start_server) -> None:
    with new_server({"models": [embedded("big")], "model_memory": "1MiB"}).client() as api:
        refused = api.send(talk_to(api, "big"), "Hello")
        refused.expect_error(503, "model_failed")
        assert "model_memory allows 1 MiB" in refused.body["detail"]
