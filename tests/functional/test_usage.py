"""GET /usage: what the replies say of themselves, summed up."""

from datetime import UTC, datetime, timedelta
from typing import Any

from .conftest import start_server
from .support.client import API, begin, client, messages_path, script
from .support.server import server

PRICED = {
    "models": [
        {
            "name": "dear",
            "kind": "scripted",
            "price_input": 3,
            "price_cached_input": 1,
            "price_output": 0.000001,
        },
        {"name": "free", "kind": "scripted"},
    ]
}
SUMS = ("input_tokens", "cached_tokens", "output_tokens")


def today() -> str:
    return datetime.now(UTC).date().isoformat()


def report(api: client, **params: str) -> dict[str, Any]:
    told: dict[str, Any] = api.get(f"{API}/usage", **params).expect(200)
    return told


def row(told: dict[str, Any], model: str) -> dict[str, Any]:
    return next(one for one in told["data"] if one["model_name"] == model)


def sums_of(replies: list[dict[str, Any]]) -> dict[str, int]:
    return {name: sum(one["usage"][name] for one in replies) for name in SUMS}


def test_it_is_the_sum_of_all_replies_stopped_and_failed_ones_too(new_server: start_server) -> None:
    begun = today()
    with new_server(PRICED).client() as api:
        assert report(api)["data"] == []
        talk = api.create_interaction(settings={"model_name": "dear"})["interaction_id"]
        replies = [api.say(talk, "Hello there"), api.say(talk, script(["a", "b", "c"], fail_after=2))]
        stopped = begin(api, talk, script(["x", "y"], wait_for_stop=True))
        replies.append(api.request("POST", messages_path(talk, stopped, "stop")).expect(200))
        assert [one["status"] for one in replies] == ["complete", "failed", "stopped"]
        other = api.create_interaction(settings={"model_name": "free"})["interaction_id"]
        free = [api.say(other, "Hi")]
        assert free[0]["usage"]["cost"] is None

        told = report(api)
        assert [one["model_name"] for one in told["data"]] == ["dear", "free"]
        dear = row(told, "dear")
        assert {name: dear[name] for name in SUMS} == sums_of(replies)
        assert begun <= dear["day"] <= today()
        assert (dear["generations"], dear["estimated"]) == (3, 0)
        assert {name: row(told, "free")[name] for name in SUMS} == sums_of(free)
        assert row(told, "free")["cost"] == 0
        assert {name: told["total"][name] for name in SUMS} == sums_of(replies + free)
        # Exact to the last digit, as text: 3 a million in, a millionth a million out.
        used = sums_of(replies)
        picos = (used["input_tokens"] - used["cached_tokens"]) * 3_000_000 + used["cached_tokens"] * 1_000_000
        picos += used["output_tokens"]
        exact = f"0.{picos:012d}".rstrip("0")
        assert f'"cost":{exact}}}' in api.get(f"{API}/usage").text
        assert told["currency"] == "USD"

        for one in (talk, other):
            api.request("DELETE", f"{API}/interactions/{one}").expect(204)
        assert report(api) == told


def test_titles_and_deleted_replies_count_as_well(new_server: start_server) -> None:
    with new_server({**PRICED, "titles": {"mode": "model"}}).client() as api:
        talk = api.create_interaction()["interaction_id"]
        with api.stream("GET", f"{API}/events") as events:
            events.next()
            reply = api.say(talk, "Hello")
            while events.next().name != "interaction.titled":
                pass
        titled = report(api)["total"]
        assert titled["generations"] == 2
        assert titled["input_tokens"] > reply["usage"]["input_tokens"]

        running_id = begin(api, talk, script(["x"], wait_for_stop=True))
        with api.stream("GET", messages_path(talk, running_id, "events")) as turn:
            turn.next()
            with client(api.base_url) as other:
                other.request("DELETE", f"{API}/interactions/{talk}").expect(204)
            ended = turn.rest()[-1].data
        assert ended["status"] == "stopped"
        after = report(api)["total"]
        assert after["generations"] == 3
        assert after["output_tokens"] == titled["output_tokens"] + ended["usage"]["output_tokens"]


def test_a_reply_whose_interaction_expires_meanwhile_counts(new_server: start_server) -> None:
    with new_server(PRICED).client() as api:
        talk = api.create_interaction()["interaction_id"]
        reply = begin(api, talk, script(["x", "y"], wait_for_stop=True))
        with api.stream("GET", messages_path(talk, reply, "events")) as turn:
            assert turn.next().name == "message.created"
            over = {"expires_at": "2020-01-01T00:00:00Z"}
            with client(api.base_url) as other:
                other.request("PATCH", f"{API}/interactions/{talk}", over).expect(200)
            assert turn.rest()[-1].name == "message.stopped"
        told = report(api)["total"]
        assert (told["generations"], told["output_tokens"]) == (1, 2)


def test_the_days_can_be_chosen(api: client) -> None:
    talk = api.create_interaction()["interaction_id"]
    api.say(talk, "Hello")
    now = datetime.now(UTC).date()
    assert report(api)["from"] == (now - timedelta(days=29)).isoformat()
    assert report(api)["to"] == now.isoformat()
    # Yesterday might be the day on which the server was started.
    before = (now - timedelta(days=2)).isoformat()
    assert report(api, to=before)["data"] == []
    assert report(api, **{"from": now.isoformat()})["total"]["generations"] > 0
    for bad in ({"from": "yesterday"}, {"to": "2026-02-30"}, {"from": "2026-01-02", "to": "2026-01-01"}):
        api.get(f"{API}/usage", **bad).expect_error(422, "invalid_parameter")
    api.get(f"{API}/usage", **{"from": "2024-01-01", "to": "2026-01-01"}).expect_error(
        422, "invalid_parameter"
    )


def test_it_survives_a_restart_and_a_kill(tmp_path_factory: Any) -> None:
    one = server(tmp_path_factory.mktemp("usage"), PRICED)
    one.start()
    with one.client() as api:
        talk = api.create_interaction()["interaction_id"]
        api.say(talk, "Hello")
        told = report(api)
    one.kill()
    one.start()
    with one.client() as api:
        assert report(api) == told
    one.stop()
