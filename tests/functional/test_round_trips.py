"""How often the real program asks its MongoDB, counted on the wire (docs/mongodb.md)."""

import re
from collections.abc import Iterator

import pytest

from .conftest import start_server
from .support.bson import document
from .support.client import API, client, messages_path, script
from .support.events import check_turn
from .support.mongo import store_over
from .support.mongo_wire import wire_proxy

MOST_OF_A_TURN = 7  # beside checkpoints
MOST_OF_OPENING = 2
MOST_OF_A_RESULT = {
    False: (6, 10),
    True: (8, 12),
}  # of a tool, stored and with a turn; whether it names the reply


@pytest.fixture
def proxy(shared_mongo_uri: str) -> Iterator[wire_proxy]:
    plain = re.fullmatch(r"mongodb://127\.0\.0\.1:(\d+)/?", shared_mongo_uri)
    if plain is None:
        pytest.skip("a proxy that reads along needs a server on 127.0.0.1 without TLS and login")
    with wire_proxy(int(plain[1])) as one:
        yield one


@pytest.fixture
def one(proxy: wire_proxy, new_server: start_server) -> Iterator[client]:
    """Of a server that keeps nothing, since a cache only saves round trips, and whose model has room for more
    of these short messages than a first page of the history has."""
    small = {"models": [{"name": "scripted", "kind": "scripted", "context_window": 1024}]}
    with new_server({**store_over(proxy.uri), **small, "cache": {"kind": "none"}}).client() as api:
        yield api


def is_watch(command: document) -> bool:
    """Each Parley looks now and then for what was left behind or is old, and after the turns of others."""
    match command:
        case {"find": "users", "filter": {"deleted": _}} | {"find": "requests", "filter": {"at": _}}:
            return True
        case {"find": "interactions", "filter": {"work": _} | {"expires": _}}:
            return True
        case {"find": "messages", "filter": {"_id": {"$in": _}}}:
            return True
    return False


def is_checkpoint(command: document) -> bool:
    return command.get("update") == "messages"


def trips(commands: list[document]) -> list[str]:
    """The names and collections of those that the request was the cause of."""
    caused = [c for c in commands if not is_watch(c) and not is_checkpoint(c)]
    return [f"{name} {c[name]}" for c in caused for name in [next(iter(c))]]


def test_a_turn_and_opening_an_interaction(proxy: wire_proxy, one: client) -> None:
    talk = one.create_interaction()["interaction_id"]
    for number in range(20):  # from the second on there is a history to read
        proxy.take_commands()
        assert one.say(talk, script(["Hello"]))["status"] == "complete"
        turn = trips(proxy.take_commands())
        assert 2 <= len(turn) <= MOST_OF_A_TURN, (number, turn)
        assert "insert messages" in turn
        opened = one.get(f"{API}/interactions/{talk}", include="message_list").expect(200)
        assert len(opened["message_list"]["data"]) == min(2 * (number + 1), 20)
        opening = trips(proxy.take_commands())
        assert 1 <= len(opening) <= MOST_OF_OPENING, opening


def test_a_streamed_turn_costs_no_more_however_long_it_is(proxy: wire_proxy, one: client) -> None:
    talk = one.create_interaction()["interaction_id"]
    turns: list[list[str]] = []
    for tokens in (1, 200):
        proxy.take_commands()
        body = {"content": script(["word "], repeat=tokens, delay_ms=10), "stream": True}
        with one.stream("POST", messages_path(talk), body) as events:
            assert check_turn(events.rest()).text == "word " * tokens
        commands = proxy.take_commands()
        turns.append(trips(commands))
        # About one a second, never one a token.
        assert len([c for c in commands if is_checkpoint(c)]) < tokens / 2 + 1
    assert turns[0] == turns[1]
    assert len(turns[0]) <= MOST_OF_A_TURN


@pytest.mark.parametrize("names_the_reply", [False, True])
def test_the_results_of_tools(proxy: wire_proxy, one: client, names_the_reply: bool) -> None:
    tool = {"name": "weather", "description": "", "parameters": {"type": "object"}}
    talk = one.create_interaction(settings={"tools": [tool]})["interaction_id"]
    calls = [{"id": call, "name": "weather", "arguments": "{}"} for call in ("a", "b")]
    asked = one.say(talk, script([], tool_calls=calls))
    place = {"parent_id": asked["message_id"]} if names_the_reply else {}
    for call, most in zip(("a", "b"), MOST_OF_A_RESULT[names_the_reply], strict=True):
        proxy.take_commands()
        one.send(talk, "rain", role="tool", tool_call_id=call, **place).expect(201)
        commands = trips(proxy.take_commands())
        assert "insert messages" in commands
        assert len(commands) <= most, commands
