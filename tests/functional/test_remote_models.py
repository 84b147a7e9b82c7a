"""Models of other servers, and routes over several of them, through the real program."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from .conftest import start_server
from .support.client import API, client, messages_path, script
from .support.events import check_turn
from .support.server import server
from .support.upstream import breaks_off, calls, hangs, refuses, says, upstream_server

CANARY = "sk-canary-7f3a9c51e2d84b60"
TOOL: dict[str, Any] = {"name": "weather", "description": "", "parameters": {"type": "object"}}


@pytest.fixture
def far() -> Iterator[upstream_server]:
    with upstream_server(("m-1", "m-2")) as one:
        yield one


@pytest.fixture
def near() -> Iterator[upstream_server]:
    with upstream_server() as one:
        yield one


def upstream(name: str, of: upstream_server, **over: Any) -> dict[str, Any]:
    return {"name": name, "base_url": of.base_url, **over}


def model(name: str, of: str, **over: Any) -> dict[str, Any]:
    return {"name": name, "kind": "upstream", "upstream": of, **over}


def one_upstream(far: upstream_server, **over: Any) -> dict[str, Any]:
    return {"upstreams": [upstream("far", far)], "models": [model("remote", "far", **over)]}


def two_behind_one(far: upstream_server, near: upstream_server, **over: Any) -> dict[str, Any]:
    route = {"name": "route", "kind": "route", "targets": ["first", "second"], **over}
    return {
        "upstreams": [upstream("far", far), upstream("near", near)],
        "models": [route, model("first", "far", breaker_failures=2), model("second", "near")],
    }


def fresh_reply(api: client, content: str = "Hello", **settings: Any) -> dict[str, Any]:
    talk = api.create_interaction(settings=settings)["interaction_id"]
    return api.say(talk, content)


def outcomes(reply: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one["target"], one["outcome"]) for one in reply["attempts"]]


def metric(api: client, name: str) -> dict[str, float]:
    """Its series, by their labels."""
    text = api.request("GET", "/metrics").text
    found = re.findall(rf"^{name}(?:\{{(.*)\}})? (\S+)$", text, re.MULTILINE)
    return {labels: float(value) for labels, value in found}


def test_a_remote_model_replies_in_a_stream(far: upstream_server, new_server: start_server) -> None:
    usage = {
        "prompt_tokens": 9,
        "completion_tokens": 3,
        "prompt_tokens_details": {"cached_tokens": 4},
    }
    far.then(says("Good ", "mörning", "!", usage=usage))
    prices = {"price_input": 2, "price_cached_input": 0.5, "price_output": 8}
    with new_server(one_upstream(far, remote_name="m-1", **prices)).client() as api:
        talk = api.create_interaction(settings={"prompt": "Be brief.", "temperature": 0.5, "seed": 7})
        body = {"content": "Hello", "stream": True}
        trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        headers = {"X-Request-Id": "mine-1", "traceparent": trace}
        with api.stream("POST", messages_path(talk["interaction_id"]), body, headers) as turn:
            told = check_turn(turn.rest())
        assert told.text == "Good mörning!"
        assert told.reply["usage"] == {
            "input_tokens": 9,
            "cached_tokens": 4,
            "output_tokens": 3,
            "estimated": False,
            "cost": pytest.approx((5 * 2 + 4 * 0.5 + 3 * 8) / 1e6, rel=1e-12),
        }
        assert outcomes(told.reply) == [("remote", "ok")]
    sent = far.asked[0]
    assert sent.path == "/v1/chat/completions"
    assert sent.body["model"] == "m-1"
    assert sent.body["stream"] is True
    assert (sent.body["temperature"], sent.body["seed"]) == (0.5, 7)
    assert sent.body["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Hello"},
    ]
    assert sent.headers["x-request-id"] == "mine-1"
    assert sent.headers["traceparent"].split("-")[1] == trace.split("-")[1]


def test_tokens_are_counted_where_the_other_server_gives_no_figures(
    far: upstream_server, new_server: start_server
) -> None:
    far.then(says("one two three"))
    with new_server(one_upstream(far)).client() as api:
        usage = fresh_reply(api)["usage"]
    assert usage["estimated"] is True
    assert usage["input_tokens"] > 0
    assert usage["output_tokens"] > 0


def test_tools_and_images_go_there_and_come_back(far: upstream_server, new_server: start_server) -> None:
    far.then(calls(("c1", "weather", '{"city":"Oslo"}')), says("Rain."))
    config = one_upstream(far, abilities=["tools", "images", "structured_output"])
    with new_server(config).client() as api:
        talk = api.create_interaction(settings={"tools": [TOOL], "tool_choice": "required"})["interaction_id"]
        url = "data:image/png;base64,iVBORw0KGgo="
        picture = {"type": "image_url", "image_url": {"url": url}}
        asked = api.say(talk, [{"type": "text", "text": "Where?"}, picture])
        assert asked["tool_calls"] == [{"id": "c1", "name": "weather", "arguments": '{"city":"Oslo"}'}]
        assert asked["finish_reason"] == "tool_calls"
        assert api.say(talk, "wet", role="tool", tool_call_id="c1")["content"] == "Rain."
    first, second = far.asked
    assert first.body["tools"][0]["function"]["name"] == "weather"
    assert first.body["tool_choice"] == "required"
    assert first.body["messages"][-1]["content"] == [{"type": "text", "text": "Where?"}, picture]
    assert second.body["messages"][-2]["tool_calls"][0]["function"] == {
        "name": "weather",
        "arguments": '{"city":"Oslo"}',
    }
    assert second.body["messages"][-1] == {"role": "tool", "tool_call_id": "c1", "content": "wet"}


def test_a_model_is_not_asked_for_what_it_can_not(far: upstream_server, new_server: start_server) -> None:
    with new_server(one_upstream(far)).client() as api:
        talk = api.create_interaction()["interaction_id"]
        picture = {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo="}}
        api.send(talk, [picture]).expect_error(409, "images_not_supported", "content")
        path = f"{API}/interactions/{talk}"
        api.request("PATCH", path, {"settings": {"tools": [TOOL]}}).expect(200)
        api.send(talk, "x").expect_error(409, "tools_not_supported", "settings.tools")
        form = {"tools": None, "response_format": {"type": "json_object"}}
        api.request("PATCH", path, {"settings": form}).expect(200)
        refused = api.send(talk, "x")
        refused.expect_error(409, "structured_output_not_supported", "settings.response_format")
        assert api.messages(talk) == []
    assert far.asked == []


def test_a_route_goes_to_the_next_target_before_the_first_token(
    far: upstream_server, near: upstream_server, new_server: start_server
) -> None:
    near.otherwise = says("from the second")
    with new_server(two_behind_one(far, near)).client() as api:
        far.then(refuses(500, "out of order"))
        reply = fresh_reply(api)
        assert reply["content"] == "from the second"
        assert outcomes(reply) == [("first", "upstream_failed"), ("second", "ok")]
        assert "out of order" in reply["attempts"][0]["message"]
        far.then(says("from the first"))
        assert outcomes(fresh_reply(api)) == [("first", "ok")]
        failed = metric(api, "parley_failovers_total")
        assert failed == {'reason="upstream_failed",route="route",target="first"': 1}


def test_nothing_is_tried_again_behind_the_first_token(
    far: upstream_server, near: upstream_server, new_server: start_server
) -> None:
    far.then(breaks_off("half of "))
    with new_server(two_behind_one(far, near)).client() as api:
        reply = fresh_reply(api)
        assert (reply["status"], reply["content"]) == ("failed", "half of ")
        assert reply["error"]["code"] == "upstream_failed"
        assert near.asked == []
        assert fresh_reply(api)["status"] == "complete"


def test_a_target_that_asks_for_a_pause_gets_it(
    far: upstream_server, near: upstream_server, new_server: start_server
) -> None:
    far.then(refuses(429, "slowly", {"Retry-After": "300"}))
    near.otherwise = says("second")
    with new_server(two_behind_one(far, near)).client() as api:
        assert outcomes(fresh_reply(api)) == [("first", "upstream_rate_limited"), ("second", "ok")]
        assert outcomes(fresh_reply(api)) == [("first", "skipped"), ("second", "ok")]
        assert len(far.asked) == 1
        route = next(one for one in api.get(f"{API}/models").expect(200)["data"] if one["name"] == "route")
        assert [one["breaker"] for one in route["targets"]] == ["open", "closed"]
        assert metric(api, "parley_breaker_open")['target="first"'] == 1


def test_a_target_that_fails_again_and_again_is_left_alone(
    far: upstream_server, near: upstream_server, new_server: start_server
) -> None:
    far.otherwise = refuses(503)
    with new_server(two_behind_one(far, near)).client() as api:
        for _ in range(4):
            assert fresh_reply(api)["status"] == "complete"
    assert len(far.asked) == 2  # breaker_failures
    assert len(near.asked) == 4


def test_when_all_fail_the_reply_says_why(
    far: upstream_server, near: upstream_server, new_server: start_server
) -> None:
    far.then(refuses(500))
    near.then(refuses(502))
    with new_server(two_behind_one(far, near)).client() as api:
        reply = fresh_reply(api)
        assert reply["status"] == "failed"
        assert outcomes(reply) == [("first", "upstream_failed"), ("second", "upstream_failed")]
        assert fresh_reply(api)["status"] == "complete"


def test_an_embedded_model_can_stand_behind_a_remote_one(
    far: upstream_server, new_server: start_server
) -> None:
    far.otherwise = refuses(500)
    config = one_upstream(far)
    config["models"] += [
        {"name": "own", "kind": "scripted"},
        {"name": "route", "kind": "route", "targets": ["remote", "own"]},
    ]
    with new_server(config).client() as api:
        reply = fresh_reply(api, script(["here"]), model_name="route")
    assert reply["content"] == "here"
    assert outcomes(reply) == [("remote", "upstream_failed"), ("own", "ok")]


def test_the_log_says_why_a_reply_failed(
    far: upstream_server, near: upstream_server, new_server: start_server
) -> None:
    far.then(refuses(500, "Hello was too much"))
    near.then(refuses(429))
    running = new_server(two_behind_one(far, near))
    with running.client() as api:
        assert fresh_reply(api)["status"] == "failed"
    running.wait_for_log(
        '"code":"upstream_rate_limited","asked":"first upstream_failed, second upstream_rate_limited"'
    )
    assert "too much" not in running.log_text()  # it may repeat what the user said


def test_what_no_target_was_asked_for_costs_nothing(far: upstream_server, new_server: start_server) -> None:
    far.then(refuses(429, "slowly", {"Retry-After": "300"}))
    with new_server(one_upstream(far, price_input=1, price_output=1)).client() as api:
        assert [fresh_reply(api)["usage"]["cost"] for _ in range(2)] == [0, 0]


def test_a_dead_proxy_is_named(far: upstream_server, new_server: start_server) -> None:
    config = one_upstream(far)
    config["upstreams"][0] |= {"base_url": "http://192.0.2.1/v1", "proxy": "http://127.0.0.1:9"}
    with new_server(config).client() as api:
        assert "connecting to its proxy" in fresh_reply(api)["error"]["message"]


def test_a_silent_server_is_given_up(
    far: upstream_server, near: upstream_server, new_server: start_server
) -> None:
    config = two_behind_one(far, near)
    config["upstreams"] += [upstream("late", far)]
    config["upstreams"][0] |= {"first_token_timeout": "300ms"}
    config["upstreams"][2] |= {"token_timeout": "300ms"}
    config["models"] += [model("third", "late")]
    far.then(hangs(), hangs("and then "))
    near.otherwise = says("second")
    with new_server(config).client() as api:
        assert outcomes(fresh_reply(api)) == [("first", "upstream_timeout"), ("second", "ok")]
        reply = fresh_reply(api, model_name="third")
        assert (reply["status"], reply["content"]) == ("failed", "and then ")
        assert reply["error"]["code"] == "upstream_timeout"


def test_a_remote_reply_can_be_stopped(far: upstream_server, new_server: start_server) -> None:
    far.then(hangs("begun"))
    config = one_upstream(far)
    config["upstreams"][0] |= {"token_timeout": "60s"}
    with new_server(config).client() as api:
        talk = api.create_interaction()["interaction_id"]
        with api.stream("POST", messages_path(talk), {"content": "x", "stream": True}) as turn:
            reply_id = turn.next().data["reply"]["message_id"]
            assert turn.next().data == {"delta": "begun"}
            with client(api.base_url) as other:
                stopped = other.request("POST", messages_path(talk, reply_id, "stop")).expect(200)
            assert turn.rest()[-1].name == "message.stopped"
        assert (stopped["status"], stopped["content"]) == ("stopped", "begun")
        assert stopped["usage"]["estimated"] is True


def test_the_models_of_a_server_can_be_discovered(far: upstream_server, new_server: start_server) -> None:
    config = {"upstreams": [upstream("far", far, discover_every="1h")], "models": []}
    running = new_server(config)
    running.wait_for_log("models of an upstream have changed")
    with running.client() as api:
        names = [one["name"] for one in api.get(f"{API}/models").expect(200)["data"]]
        assert names == ["far/m-1", "far/m-2"]
        assert fresh_reply(api, model_name="far/m-2")["status"] == "complete"
    assert far.asked[-1].body["model"] == "m-2"


def test_a_key_is_sent_and_shown_nowhere(
    far: upstream_server, tmp_path_factory: pytest.TempPathFactory
) -> None:
    config = {
        "upstreams": [upstream("far", far, api_key_variable="FAR_KEY")],
        "models": [model("remote", "far")],
        "log": {"level": "trace"},
    }
    far.then(
        refuses(401, f"Incorrect API key provided: {CANARY}"),
        refuses(500, f"bad key {CANARY}"),
        breaks_off("x"),
    )
    with (
        server(tmp_path_factory.mktemp("key"), config, variables={"FAR_KEY": CANARY}) as running,
        running.client() as api,
    ):
        replies = [fresh_reply(api) for _ in range(4)]
        assert [one["status"] for one in replies] == ["failed"] * 3 + ["complete"]
        shown = str(replies) + api.request("GET", "/metrics").text + api.get(f"{API}/models").text
        assert CANARY not in shown
        assert CANARY not in running.log_text()
    assert far.asked[0].headers["authorization"] == f"Bearer {CANARY}"
