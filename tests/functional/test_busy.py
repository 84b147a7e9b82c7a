"""Two sends at once in one interaction: refused, in line, or the second ends the first."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from .conftest import start_server
from .support.client import API, client, messages_path, script
from .support.events import check_turn
from .support.waiting import wait_until

ENDLESS = script(["x"], wait_for_stop=True)


def begin(api: client, talk: str, content: str, **fields: Any) -> dict[str, Any]:
    """In the background; the reply as it was begun."""
    sent = api.send(talk, content, background=True, **fields)
    body = sent.expect(202)
    assert sent.headers["location"].endswith(body["reply"]["message_id"])
    reply: dict[str, Any] = body["reply"]
    return reply


def read(api: client, reply: dict[str, Any]) -> dict[str, Any]:
    path = messages_path(reply["interaction_id"], reply["message_id"])
    found: dict[str, Any] = api.get(path).expect(200)
    return found


def events_path(reply: dict[str, Any]) -> str:
    return messages_path(reply["interaction_id"], reply["message_id"], "events")


def stop(api: client, reply: dict[str, Any]) -> dict[str, Any]:
    path = messages_path(reply["interaction_id"], reply["message_id"], "stop")
    stopped: dict[str, Any] = api.request("POST", path).expect(200)
    return stopped


def ended(api: client, reply: dict[str, Any]) -> dict[str, Any]:
    wait_until(lambda: read(api, reply)["status"] not in ("queued", "in_progress"), "it has ended")
    return read(api, reply)


def test_a_reply_in_the_background(api: client) -> None:
    talk = api.create_interaction()["interaction_id"]
    reply = begin(api, talk, script(["a", "b"]))
    assert reply["status"] == "in_progress"
    assert ended(api, reply)["content"] == "ab"


def test_queued_replies_are_written_in_order(api: client) -> None:
    talk = api.create_interaction(settings={"on_busy": "queue"})["interaction_id"]
    first = begin(api, talk, ENDLESS)
    second = begin(api, talk, "second")
    third = begin(api, talk, "third")
    assert [r["status"] for r in (first, second, third)] == ["in_progress", "queued", "queued"]
    assert [m["seq"] for m in api.messages(talk)] == [1, 2, 3, 4, 5, 6]
    assert read(api, second)["status"] == "queued"
    with client(api.base_url) as other, other.stream("GET", events_path(first)) as events:
        assert [events.next().name for _ in range(2)] == ["message.created", "message.delta"]
    assert stop(api, first)["status"] == "stopped"
    assert ended(api, third)["status"] == "complete"
    done = read(api, second)
    assert done["status"] == "complete"
    assert done["content"].endswith("| [assistant] x | [user] second")
    assert ended(api, third)["content"].endswith(f"| [assistant] {done['content']} | [user] third")
    assert api.say(talk, script(["on"]))["content"] == "on"


def test_a_queued_reply_can_be_followed(api: client) -> None:
    talk = api.create_interaction(settings={"on_busy": "queue"})["interaction_id"]
    first = begin(api, talk, ENDLESS)
    body = {"content": script(["a", "b"]), "stream": True}
    with client(api.base_url) as other, other.stream("POST", messages_path(talk), body) as events:
        created = events.next()
        assert created.data["reply"]["status"] == "queued"
        stop(api, first)
        turn = check_turn([created, *events.rest()])
    assert (turn.text, turn.reply["status"]) == ("ab", "complete")


def test_stopping_a_queued_reply_takes_it_out(api: client) -> None:
    talk = api.create_interaction(settings={"on_busy": "queue"})["interaction_id"]
    first = begin(api, talk, ENDLESS)
    second = begin(api, talk, "never")
    third = begin(api, talk, "third")
    stopped = stop(api, second)
    assert (stopped["status"], stopped["content"]) == ("stopped", "")
    assert stop(api, second) == stopped
    assert read(api, first)["status"] == "in_progress"
    stop(api, first)
    assert ended(api, third)["content"].endswith("[user] never\n\nthird")
    assert read(api, second) == stopped


def test_a_line_has_an_end(api: client) -> None:
    talk = api.create_interaction(settings={"on_busy": "queue"})["interaction_id"]
    first = begin(api, talk, ENDLESS)
    waiting = [begin(api, talk, str(i)) for i in range(16)]
    api.send(talk, "one too many").expect_error(409, "too_many_waiting")
    assert len(api.messages(talk)) == 34
    for reply in reversed(waiting):
        assert stop(api, reply)["status"] == "stopped"
    stop(api, first)
    assert api.say(talk, "on")["content"].endswith("15\n\non")


def test_only_at_the_end_of_the_branch(api: client) -> None:
    talk = api.create_interaction(settings={"on_busy": "queue"})["interaction_id"]
    note = api.note(talk, "a note")
    first = begin(api, talk, ENDLESS)
    elsewhere = api.send(talk, "x", parent_id=note["message_id"])
    elsewhere.expect_error(409, "turn_in_progress", first["message_id"])
    api.send(talk, "x", respond=False).expect_error(409, "turn_in_progress", first["message_id"])
    queued = begin(api, talk, "y", parent_id=first["message_id"])
    assert queued["status"] == "queued"
    stop(api, first)
    assert ended(api, queued)["content"].endswith("y")


def test_interrupt_ends_what_runs_and_what_waits(api: client) -> None:
    talk = api.create_interaction(settings={"on_busy": "queue"})["interaction_id"]
    first = begin(api, talk, ENDLESS)
    second = begin(api, talk, "never")
    api.request("PATCH", f"{API}/interactions/{talk}", {"settings": {"on_busy": "interrupt"}}).expect(200)
    begun = time.monotonic()
    third = api.say(talk, "third")
    assert time.monotonic() - begun < 5
    assert third["content"].endswith("third")
    assert read(api, first)["status"] == "stopped"
    assert read(api, second)["status"] == "stopped"


def test_a_regeneration_does_not_wait(api: client) -> None:
    talk = api.create_interaction(settings={"on_busy": "queue"})["interaction_id"]
    reply = api.say(talk, script(["x"]))
    first = begin(api, talk, ENDLESS)
    again = api.request("POST", messages_path(talk, reply["message_id"], "regenerate"))
    again.expect_error(409, "turn_in_progress", first["message_id"])
    stop(api, first)


def test_queued_replies_survive_a_crash(new_server: start_server) -> None:
    one = new_server()
    with one.client() as api:
        talk = api.create_interaction(settings={"on_busy": "queue"})["interaction_id"]
        first = begin(api, talk, ENDLESS)
        second = begin(api, talk, script(["second"]))
        third = begin(api, talk, script(["third"]))
    one.kill()
    one.start()
    with one.client() as api:
        assert ended(api, third)["content"] == "third"
        assert [read(api, r)["status"] for r in (first, second)] == ["interrupted", "complete"]
        assert [m["seq"] for m in api.messages(talk)] == [1, 2, 3, 4, 5, 6]


def test_queued_replies_wait_through_a_shutdown(new_server: start_server) -> None:
    one = new_server({"server": {"shutdown_grace": "100ms"}})
    with one.client() as api:
        talk = api.create_interaction(settings={"on_busy": "queue"})["interaction_id"]
        first = begin(api, talk, ENDLESS)
        second = begin(api, talk, script(["second"]))
    one.stop()
    one.start()
    with one.client() as api:
        assert ended(api, second)["content"] == "second"
        assert read(api, first)["status"] == "interrupted"


def test_deleting_ends_the_readers_of_what_waits(api: client) -> None:
    talk = api.create_interaction(settings={"on_busy": "queue"})["interaction_id"]
    begin(api, talk, ENDLESS)
    with client(api.base_url) as one, client(api.base_url) as two, ThreadPoolExecutor(2) as pool:
        waiting = begin(api, talk, script(["never"]))
        with one.stream("GET", messages_path(talk, waiting["message_id"], "events")) as events:
            assert events.next().name == "message.created"
            blocked = pool.submit(two.send, talk, script(["nor this"]))
            wait_until(lambda: len(api.messages(talk)) == 6, "it waits as well")
            api.request("DELETE", f"{API}/interactions/{talk}").expect(204)
            last = events.rest()[-1]
            assert (last.name, last.data["status"]) == ("message.stopped", "stopped")
        blocked.result().expect_error(404, "interaction_not_found")


def test_a_copy_of_what_waits_is_told_that_it_waits(api: client) -> None:
    talk = api.create_interaction(settings={"on_busy": "queue"})["interaction_id"]
    first = begin(api, talk, ENDLESS)
    body = {"content": script(["second"]), "background": True}
    headers = {"Idempotency-Key": "copy"}
    sent = api.request("POST", messages_path(talk), body, headers=headers).expect(202)
    assert sent["reply"]["status"] == "queued"
    assert api.request("POST", messages_path(talk), body, headers=headers).expect(202) == sent
    stop(api, first)
    assert ended(api, sent["reply"])["content"] == "second"


def test_nothing_is_interrupted_for_what_can_not_begin(api: client) -> None:
    talk = api.create_interaction(settings={"on_busy": "interrupt"})["interaction_id"]
    running = begin(api, talk, ENDLESS)
    nowhere = "00000000-0000-7000-8000-000000000000"
    api.send(talk, script(["x"]), parent_id=nowhere).expect_error(404, "message_not_found", "parent_id")
    path = messages_path(talk, running["message_id"], "regenerate")
    assert api.request("POST", path, {"settings": {"top_p": 5}}).status == 422
    assert read(api, running)["status"] == "in_progress"
    assert stop(api, running)["status"] == "stopped"


def test_an_interrupting_message_takes_the_place_of_the_interrupted_reply(new_server: start_server) -> None:
    alone = {"name": "scripted", "kind": "scripted", "parallel": 1, "max_waiting": 0}
    with new_server({"models": [alone]}).client() as api:
        talk = api.create_interaction(settings={"on_busy": "interrupt"})["interaction_id"]
        running = begin(api, talk, ENDLESS)
        other = api.create_interaction(settings={"on_busy": "interrupt"})["interaction_id"]
        api.send(other, script(["not mine"])).expect_error(503, "queue_full")
        assert api.say(talk, script(["mine"]))["content"] == "mine"
        assert read(api, running)["status"] == "stopped"
