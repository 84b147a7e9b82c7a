"""What stopping a reply does to the reply, to its model's places, and to the other chats."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from .conftest import start_server
from .support.client import client, messages_path, script
from .support.events import event
from .support.server import SANITIZED

ENDLESS = script(["never ", "ending "], repeat=100_000, delay_ms=1)
SOON = 0.2 * (5 if SANITIZED else 1)  # seconds


def begin(api: client, talk: str, content: str) -> str:
    begun: dict[str, Any] = api.send(talk, content, background=True).expect(202)["reply"]
    return str(begun["message_id"])


def stop(api: client, talk: str, reply: str) -> dict[str, Any]:
    stopped: dict[str, Any] = api.request("POST", messages_path(talk, reply, "stop")).expect(200)
    return stopped


def test_it_takes_effect_soon(api: client) -> None:
    """The quickest of a few: the machine may be busy with something else."""
    took = []
    for _ in range(5):
        talk = api.create_interaction()["interaction_id"]
        with api.stream("POST", messages_path(talk), {"content": ENDLESS, "stream": True}) as turn:
            reply = turn.next().data["reply"]["message_id"]
            turn.next()
            with client(api.base_url) as other:
                begun = time.monotonic()
                assert stop(other, talk, reply)["status"] == "stopped"
                took.append(time.monotonic() - begun)
            assert turn.rest()[-1].name == "message.stopped"
    assert min(took) <= SOON, took


def test_its_place_is_free_at_once(new_server: start_server) -> None:
    alone = {"name": "scripted", "kind": "scripted", "parallel": 1, "max_waiting": 1}
    with new_server({"models": [alone]}).client() as api:
        talks = [api.create_interaction()["interaction_id"] for _ in range(2)]
        running = begin(api, talks[0], ENDLESS)
        waiting = begin(api, talks[1], script(["mine"]))
        stop(api, talks[0], running)
        with api.stream("GET", messages_path(talks[1], waiting, "events")) as events:
            assert events.rest()[-1].data["content"] == "mine"


def test_other_chats_go_on_as_if_nothing_had_happened(api: client) -> None:
    """The same chats beside one that is stopped and without it: the same text, the same usage."""

    def talk_of(number: int) -> list[tuple[str, Any]]:
        content = script([f"{number}:", " один", " two "], repeat=40, delay_ms=2)
        with client(api.base_url) as one:
            talk = one.create_interaction()["interaction_id"]
            with one.stream("POST", messages_path(talk), {"content": content, "stream": True}) as turn:
                return outcome(turn.rest())

    def outcome(events: list[event]) -> list[tuple[str, Any]]:
        text = "".join(one.data["delta"] for one in events if one.name == "message.delta")
        last = events[-1].data
        return [(events[-1].name, text), ("content", last["content"]), ("usage", last["usage"])]

    def all_of_them(pool: ThreadPoolExecutor, disturbed: bool) -> list[list[tuple[str, Any]]]:
        talk = api.create_interaction()["interaction_id"]
        others = [begin(api, talk, ENDLESS)] if disturbed else []
        chats = [pool.submit(talk_of, number) for number in range(6)]
        for one in others:
            stop(api, talk, one)
        return [one.result() for one in chats]

    with ThreadPoolExecutor(6) as pool:
        assert all_of_them(pool, disturbed=True) == all_of_them(pool, disturbed=False)
