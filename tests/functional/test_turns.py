"""Turns: what the model reads, one at a time, how they end. The scripted model repeats its prompt."""

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from .support.client import API, answer, client, messages_path, script
from .support.waiting import wait_until


def reads(api: client, interaction_id: str, content: Any) -> str:
    """What the model read for this message."""
    reply = api.say(interaction_id, content)
    assert reply["status"] == "complete", reply
    return str(reply["content"])


def test_the_second_turn_reads_the_first(api: client) -> None:
    interaction_id = api.create_interaction()["interaction_id"]
    assert reads(api, interaction_id, "My name is Ada.") == "[user] My name is Ada."
    assert reads(api, interaction_id, "What is my name?") == (
        "[user] My name is Ada. | [assistant] [user] My name is Ada. | [user] What is my name?"
    )


@pytest.mark.parametrize("role", ["system", "developer"])
def test_the_prompt_comes_first_under_its_role(api: client, role: str) -> None:
    interaction_id = api.create_interaction(settings={"prompt": "Be brief.", "role": role})["interaction_id"]
    assert reads(api, interaction_id, "Hello") == f"[{role}] Be brief. | [user] Hello"
    assert reads(api, interaction_id, script(["ok"])) == "ok"
    assert reads(api, interaction_id, "Bye").startswith(f"[{role}] Be brief. | [user] Hello | [assistant] ")


def test_a_prompt_under_the_users_role_is_joined_to_the_first_message(api: client) -> None:
    interaction_id = api.create_interaction(settings={"prompt": "Be brief.", "role": "user"})[
        "interaction_id"
    ]
    assert reads(api, interaction_id, "Hello") == "[user] Be brief.\n\nHello"


def test_a_changed_prompt_counts_from_the_next_turn(api: client) -> None:
    interaction_id = api.create_interaction(settings={"prompt": "A"})["interaction_id"]
    assert reads(api, interaction_id, "x") == "[system] A | [user] x"
    path = f"{API}/interactions/{interaction_id}"
    api.request("PATCH", path, {"settings": {"prompt": None}}).expect(200)
    assert reads(api, interaction_id, "y") == "[user] x | [assistant] [system] A | [user] x | [user] y"


def test_parts_are_read_as_one_text(api: client) -> None:
    interaction_id = api.create_interaction()["interaction_id"]
    content = [{"type": "text", "text": "one"}, {"type": "text", "text": " two"}]
    assert reads(api, interaction_id, content) == "[user] one two"


def test_stored_messages_without_replies_are_read_too(api: client) -> None:
    interaction_id = api.create_interaction()["interaction_id"]
    api.note(interaction_id, "First.")
    assert reads(api, interaction_id, "Second.") == "[user] First.\n\nSecond."


def test_stopped_and_failed_replies_are_read_as_far_as_they_came(api: client) -> None:
    interaction_id = api.create_interaction()["interaction_id"]
    api.say(interaction_id, script(["half"], fail_after=1))
    assert "[assistant] half | [user] x" in reads(api, interaction_id, "x")


def test_a_long_conversation_is_cut_from_the_front(api: client) -> None:
    interaction_id = api.create_interaction(settings={"model_name": "small", "prompt": "Stay."})[
        "interaction_id"
    ]
    for number in range(30):
        assert reads(api, interaction_id, script([f"reply_{number}_"])) == f"reply_{number}_"
    last = api.say(interaction_id, "last one")
    assert 24 < last["usage"]["input_tokens"] <= 48  # a quarter of the window of 64 is kept for the reply
    kept = re.match(
        r"\[system\] Stay\. \| (?:\[user\] \S+ \S+ \| )?\[assistant\] reply_(\d+)_", last["content"]
    )
    assert kept, last["content"]
    assert int(kept[1]) >= 20
    assert len(api.messages(interaction_id)) == 62


def test_a_message_that_leaves_no_room_is_refused_with_the_numbers(api: client) -> None:
    interaction_id = api.create_interaction(settings={"model_name": "small"})["interaction_id"]
    refused = api.send(interaction_id, "word " * 100)
    refused.expect_error(422, "context_length_exceeded", "content")
    assert "102 tokens" in refused.body["detail"]
    assert "window of 64" in refused.body["detail"]
    assert api.messages(interaction_id) == []
    assert reads(api, interaction_id, script(["short"])) == "short"


def test_the_longest_reply(api: client) -> None:
    interaction_id = api.create_interaction(settings={"max_output_tokens": 3})["interaction_id"]
    reply = api.say(interaction_id, script(["a"], repeat=10))
    assert (reply["content"], reply["finish_reason"]) == ("aaa", "length")
    assert reply["usage"]["output_tokens"] == 3


def test_stop_strings_end_a_reply_before_them(api: client) -> None:
    interaction_id = api.create_interaction(settings={"stop": ["END", "zz"]})["interaction_id"]
    reply = api.say(interaction_id, script(["one E", "N", "D two"]))
    assert (reply["content"], reply["finish_reason"]) == ("one ", "stop")
    reply = api.say(interaction_id, script(["one E", "N"]))
    assert reply["content"] == "one EN"


def test_one_reply_at_a_time(api: client) -> None:
    interaction_id = api.create_interaction()["interaction_id"]
    body = {"content": script(["x"], wait_for_stop=True), "stream": True}
    with api.stream("POST", messages_path(interaction_id), body) as turn:
        running = turn.next().data["reply"]["message_id"]
        with client(api.base_url) as other:
            for respond in (True, False):
                refused = other.send(interaction_id, "y", respond=respond)
                refused.expect_error(409, "turn_in_progress", running)
            assert len(other.messages(interaction_id)) == 2
            other.request("POST", messages_path(interaction_id, running, "stop")).expect(200)
        turn.rest()
    assert api.say(interaction_id, script(["on"]))["content"] == "on"


def test_two_senders_at_once_give_one_turn(api: client) -> None:
    interaction_id = api.create_interaction()["interaction_id"]

    def send(_: int) -> answer:
        with client(api.base_url) as one:
            return one.send(interaction_id, script(["x"], first_delay_ms=300))

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(send, range(8)))
    accepted = [one for one in answers if one.status == 201]
    for refused in (one for one in answers if one.status != 201):
        refused.expect_error(409, "turn_in_progress")
    assert len(api.messages(interaction_id)) == 2 * len(accepted)
    assert accepted


def test_an_unknown_model_is_told_when_a_message_is_sent(api: client) -> None:
    interaction_id = api.create_interaction(settings={"model_name": "nobody"})["interaction_id"]
    api.send(interaction_id, "x").expect_error(409, "unknown_model", "settings.model_name")
    assert api.messages(interaction_id) == []
    api.note(interaction_id, "notes need no model")
    path = f"{API}/interactions/{interaction_id}"
    api.request("PATCH", path, {"settings": {"model_name": "scripted"}}).expect(200)
    assert api.say(interaction_id, script(["x"]))["model_name"] == "scripted"


def test_a_full_queue_refuses_and_stores_nothing(api: client) -> None:
    def stop(reply: dict[str, Any]) -> None:
        api.request("POST", messages_path(reply["interaction_id"], reply["message_id"], "stop")).expect(200)

    first, second, third = (
        str(api.create_interaction(settings={"model_name": "single"})["interaction_id"]) for _ in range(3)
    )
    body = {"content": script(["x"], wait_for_stop=True), "stream": True}
    with client(api.base_url) as one, client(api.base_url) as two:  # noqa: SIM117
        with one.stream("POST", messages_path(first), body) as running:
            replies = [running.next().data["reply"]]
            running.next()
            with two.stream("POST", messages_path(second), body) as waiting:
                replies.append(waiting.next().data["reply"])
                line = 'parley_generations_waiting{model="single"} 1'
                wait_until(lambda: line in api.get("/metrics").text, "a generation waits")
                refused = api.send(third, "x")
                refused.expect_error(503, "queue_full")
                assert int(refused.headers["retry-after"]) >= 1
                assert api.messages(third) == []
                for reply in replies:
                    stop(reply)
                waiting.rest()
            running.rest()
    assert api.say(third, script(["on"]))["content"] == "on"


def test_a_broken_script_is_a_failed_reply(api: client) -> None:
    interaction_id = api.create_interaction()["interaction_id"]
    reply = api.say(interaction_id, 'script:{"tokens":7}')
    assert (reply["status"], reply["error"]["code"]) == ("failed", "script_invalid")
