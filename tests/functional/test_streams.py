"""Replies as events: the grammar, readers that go and come back, stopping."""

import uuid
from typing import Any

import pytest

from .conftest import start_server
from .support.client import client, messages_path, script
from .support.events import check_deltas, check_turn, event
from .support.waiting import wait_until


@pytest.fixture
def interaction_id(api: client) -> str:
    return str(api.create_interaction()["interaction_id"])


def streamed(api: client, interaction_id: str, content: Any) -> list[event]:
    with api.stream("POST", messages_path(interaction_id), {"content": content, "stream": True}) as turn:
        assert turn.status == 200
        return turn.rest()


def follow(
    api: client, reply: dict[str, Any], last_event_id: str | None = None, status: int = 200
) -> list[event]:
    path = messages_path(reply["interaction_id"], reply["message_id"], "events")
    headers = {} if last_event_id is None else {"Last-Event-ID": last_event_id}
    with api.stream("GET", path, headers=headers) as events:
        assert events.status == status
        return events.rest()


def is_over(api: client, reply: dict[str, Any]) -> bool:
    path = messages_path(reply["interaction_id"], reply["message_id"])
    return bool(api.get(path).expect(200)["status"] not in ("queued", "in_progress"))


def test_a_turn_as_events(api: client, interaction_id: str) -> None:
    events = streamed(api, interaction_id, script(["Grüß", " Gott ", "🙂"]))
    turn = check_turn(events)
    assert turn.text == "Grüß Gott 🙂"
    assert turn.reply["status"] == "complete"
    assert turn.deltas[-1].id == str(len("Grüß Gott 🙂".encode()))
    assert events[0].data["reply"]["status"] == "in_progress"
    assert api.messages(interaction_id) == [turn.user_message, turn.reply]


def test_line_breaks_and_odd_characters_stay_within_one_data_line(api: client, interaction_id: str) -> None:
    text = 'a\r\nb\n\nc\rdata: x\n\u0000\u2028\u0085"\\'
    assert check_turn(streamed(api, interaction_id, script([text]))).text == text


def test_each_token_comes_when_it_is_there(api: client, interaction_id: str) -> None:
    content = script(["first"], wait_for_stop=True)
    with api.stream("POST", messages_path(interaction_id), {"content": content, "stream": True}) as turn:
        created = turn.next()
        delta = turn.next()  # while the model still waits
        assert (delta.id, delta.data) == ("5", {"delta": "first"})
        stop = messages_path(interaction_id, created.data["reply"]["message_id"], "stop")
        with client(api.base_url) as other:
            stopped = other.request("POST", stop).expect(200)
        assert turn.rest() == [event("end", "message.stopped", stopped)]


def test_an_empty_reply_has_no_delta(api: client, interaction_id: str) -> None:
    turn = check_turn(streamed(api, interaction_id, script([])))
    assert (turn.text, turn.deltas, turn.reply["status"]) == ("", [], "complete")


def test_a_reply_that_fails(api: client, interaction_id: str) -> None:
    events = streamed(api, interaction_id, script(["one ", "two "], repeat=9, fail_after=3))
    turn = check_turn(events)
    assert events[-1].name == "message.failed"
    assert turn.text == "one two one "
    assert turn.reply["error"]["code"] == "script_failure"
    assert turn.reply["finish_reason"] is None
    assert api.say(interaction_id, script(["on"]))["content"] == "on"


def test_a_failed_reply_without_a_stream_is_201(api: client, interaction_id: str) -> None:
    reply = api.say(interaction_id, script(["one"], fail_after=0))
    assert (reply["status"], reply["content"], reply["error"]["code"]) == ("failed", "", "script_failure")


def test_a_reply_survives_its_reader(api: client, interaction_id: str) -> None:
    content = script(["word "], repeat=200, delay_ms=1)
    with (
        client(api.base_url) as reader,
        reader.stream("POST", messages_path(interaction_id), {"content": content, "stream": True}) as turn,
    ):
        reply = turn.next().data["reply"]
        turn.next()
    # The connection is gone now; the reply goes on.
    wait_until(lambda: is_over(api, reply), "the reply is over")
    stored = api.messages(interaction_id)[-1]
    assert (stored["status"], stored["content"]) == ("complete", "word " * 200)


def test_the_events_again_after_the_end(api: client, interaction_id: str) -> None:
    first = check_turn(streamed(api, interaction_id, script(["ä", "b", "🙂"])))
    again = check_turn(follow(api, first.reply))
    assert (again.text, again.reply, again.user_message) == (first.text, first.reply, first.user_message)


@pytest.mark.parametrize(("seen", "rest"), [("0", "äb🙂"), ("2", "b🙂"), ("3", "🙂")])
def test_a_reader_comes_back_after_the_end(api: client, interaction_id: str, seen: str, rest: str) -> None:
    reply = api.say(interaction_id, script(["ä", "b", "🙂"]))
    *deltas, last = follow(api, reply, seen)
    before = "äb🙂".encode()[: int(seen)].decode()
    assert check_deltas(deltas, before) == "äb🙂"
    assert "".join(one.data["delta"] for one in deltas) == rest
    assert last == event("end", "message.completed", reply)


@pytest.mark.parametrize("seen", ["7", "8", "999999999999999"])
def test_whoever_has_seen_all_or_more_gets_the_end(api: client, interaction_id: str, seen: str) -> None:
    reply = api.say(interaction_id, script(["ä", "b", "🙂"]))
    assert follow(api, reply, seen) == [event("end", "message.completed", reply)]


@pytest.mark.parametrize(("seen", "rest"), [("1", "äb🙂"), ("4", "🙂"), ("6", "🙂")])
def test_an_id_inside_a_character_counts_as_its_beginning(
    api: client, interaction_id: str, seen: str, rest: str
) -> None:
    reply = api.say(interaction_id, script(["ä", "b", "🙂"]))
    *deltas, last = follow(api, reply, seen)
    assert "".join(one.data["delta"] for one in deltas) == rest
    assert (deltas[-1].id, last.id) == ("7", "end")


def test_whoever_has_read_the_end_gets_204(api: client, interaction_id: str) -> None:
    reply = api.say(interaction_id, script(["x"]))
    assert follow(api, reply, "end", status=204) == []


@pytest.mark.parametrize(
    "foreign", ["", "x", "-1", "1.5", "0x1", "99999999999999999999999", str(uuid.uuid4())]
)
def test_ids_that_are_not_ours_count_as_none(api: client, interaction_id: str, foreign: str) -> None:
    reply = api.say(interaction_id, script(["x"]))
    assert check_turn(follow(api, reply, foreign)).reply == reply


def test_a_reader_comes_back_while_the_reply_is_written(api: client, interaction_id: str) -> None:
    content = script(["один "], repeat=300, delay_ms=1)
    with (
        client(api.base_url) as reader,
        reader.stream("POST", messages_path(interaction_id), {"content": content, "stream": True}) as turn,
    ):
        reply = turn.next().data["reply"]
        seen = turn.next()
    before = "один " * (int(seen.id) // len("один ".encode()))
    *deltas, last = follow(api, reply, seen.id)
    assert check_deltas(deltas, before) == "один " * 300
    assert last.name == "message.completed"


def test_many_readers_see_the_same_text(api: client, interaction_id: str) -> None:
    from concurrent.futures import ThreadPoolExecutor

    content = script(["word "], repeat=100, delay_ms=2)
    with api.stream("POST", messages_path(interaction_id), {"content": content, "stream": True}) as turn:
        first = turn.next()
        reply = first.data["reply"]

        def read(_: int) -> str:
            with client(api.base_url) as one:
                return check_turn(follow(one, reply)).text

        with ThreadPoolExecutor(8) as pool:
            texts = set(pool.map(read, range(8)))
        assert texts == {check_turn([first, *turn.rest()]).text} == {"word " * 100}


def test_stop_keeps_the_text_and_can_be_repeated(api: client, interaction_id: str) -> None:
    content = script(["never", " ending"], wait_for_stop=True)
    with api.stream("POST", messages_path(interaction_id), {"content": content, "stream": True}) as turn:
        events = [turn.next()]
        while "".join(one.data.get("delta", "") for one in events) != "never ending":
            events.append(turn.next())
        path = messages_path(interaction_id, events[0].data["reply"]["message_id"], "stop")
        with client(api.base_url) as other:
            stopped = other.request("POST", path).expect(200)
            assert (stopped["status"], stopped["content"]) == ("stopped", "never ending")
            assert stopped["finish_reason"] is None
            assert other.request("POST", path).expect(200) == stopped
        assert check_turn([*events, *turn.rest()]).reply == stopped
    assert api.say(interaction_id, script(["on"]))["content"] == "on"


def test_stop_of_a_finished_reply_changes_nothing(api: client, interaction_id: str) -> None:
    reply = api.say(interaction_id, script(["x"]))
    assert (
        api.request("POST", messages_path(interaction_id, reply["message_id"], "stop")).expect(200) == reply
    )


def test_a_user_message_has_no_events_and_no_stop(api: client, interaction_id: str) -> None:
    message_id = api.note(interaction_id, "x")["message_id"]
    api.get(messages_path(interaction_id, message_id, "events")).expect_error(409, "not_a_reply")
    stop = api.request("POST", messages_path(interaction_id, message_id, "stop"))
    stop.expect_error(409, "not_a_reply")


def test_stop_has_no_fields(api: client, interaction_id: str) -> None:
    reply = api.say(interaction_id, script(["x"]))
    path = messages_path(interaction_id, reply["message_id"], "stop")
    api.request("POST", path, {"x": 1}).expect_error(422, "unknown_field", "x")
    api.request("POST", path, {"x": "y" * 2000}).expect_error(413, "payload_too_large")
    assert api.request("POST", path, content=b"").expect(200) == reply
    assert api.request("POST", path, {}).expect(200) == reply


def test_deleting_an_interaction_stops_its_reply(api: client, interaction_id: str) -> None:
    content = script(["x"], wait_for_stop=True)
    with api.stream("POST", messages_path(interaction_id), {"content": content, "stream": True}) as turn:
        events = [turn.next(), turn.next()]
        with client(api.base_url) as other:
            path = messages_path(interaction_id).removesuffix("/messages")
            other.request("DELETE", path).expect(204)
        reply = check_turn([*events, *turn.rest()]).reply
    assert (reply["status"], reply["content"]) == ("stopped", "x")
    api.get(path).expect_error(404, "interaction_not_found")


def test_silent_streams_get_comments(new_server: start_server) -> None:
    server = new_server({"server": {"keep_alive_interval": "50ms"}})
    with server.client() as api:
        interaction_id = api.create_interaction()["interaction_id"]
        body = {"content": script([], wait_for_stop=True), "stream": True}
        with api._http.stream("POST", messages_path(interaction_id), json=body) as turn:
            text = b""
            for chunk in turn.iter_raw():
                text += chunk
                if text.count(b": keep-alive\n\n") >= 3:
                    break
        reply = api.messages(interaction_id)[-1]
        stop = messages_path(interaction_id, reply["message_id"], "stop")
        assert api.request("POST", stop).expect(200)["status"] == "stopped"
