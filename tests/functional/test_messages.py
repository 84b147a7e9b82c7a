"""Messages: what is stored, and what is refused."""

import uuid
from typing import Any

import pytest

from .support.client import API, client, messages_path, script


def test_a_message_without_a_reply(api: client) -> None:
    interaction = api.create_interaction()
    interaction_id = interaction["interaction_id"]
    sent = api.request("POST", messages_path(interaction_id), {"content": "hello", "respond": False})
    message = sent.expect(201)["user_message"]
    assert sent.headers["location"] == messages_path(interaction_id, message["message_id"])
    assert message == {
        "interaction_id": interaction_id,
        "message_id": message["message_id"],
        "parent_id": None,
        "branch_id": interaction["active_branch"],
        "seq": 1,
        "sibling": {"index": 0, "count": 1},
        "created_at": message["created_at"],
        "role": "user",
        "content": "hello",
        "transformed_content": None,
        "metadata": {},
        "status": "complete",
        "tool_calls": [],
        "tool_call_id": None,
        "reasoning": None,
        "model_name": None,
        "finish_reason": None,
        "usage": None,
        "timings": None,
        "attempts": [],
        "error": None,
    }
    assert uuid.UUID(message["message_id"]).version == 7
    assert api.get(sent.headers["location"]).expect(200) == message


def test_stream_is_without_effect_when_no_reply_is_asked_for(api: client) -> None:
    interaction_id = api.create_interaction()["interaction_id"]
    assert api.note(interaction_id, "hello", stream=True)["content"] == "hello"


def test_a_turn_answers_with_both_messages(api: client) -> None:
    interaction_id = api.create_interaction()["interaction_id"]
    sent = api.send(interaction_id, script(["Hel", "lo"]), metadata={"k": "v"}).expect(201)
    user_message, reply = sent["user_message"], sent["reply"]
    assert (user_message["role"], user_message["metadata"], user_message["seq"]) == ("user", {"k": "v"}, 1)
    assert (reply["role"], reply["content"], reply["seq"]) == ("assistant", "Hello", 2)
    assert (reply["status"], reply["finish_reason"], reply["error"]) == ("complete", "stop", None)
    assert (reply["parent_id"], reply["model_name"]) == (user_message["message_id"], "scripted")
    assert reply["usage"]["output_tokens"] == 2
    assert reply["usage"]["input_tokens"] > 0
    assert reply["timings"]["duration_ms"] >= reply["timings"]["time_to_first_token_ms"] >= 0
    assert reply["metadata"] == {}
    assert api.messages(interaction_id) == [user_message, reply]


def test_messages_hang_on_the_one_before(api: client) -> None:
    interaction_id = api.create_interaction()["interaction_id"]
    first = api.note(interaction_id, "a")
    second = api.note(interaction_id, "b")
    assert second["parent_id"] == first["message_id"]
    assert [m["seq"] for m in api.messages(interaction_id)] == [1, 2]


@pytest.mark.parametrize(
    "content",
    [
        "x",
        " ",
        "\u0000",
        "zero\u0000inside",
        "line\r\nbreaks\n",
        "🙂 é é \u200f\ufffd\uffff",
        "🙂" * 262144,
        [{"type": "text", "text": "one"}],
        [{"type": "text", "text": "one"}, {"type": "text", "text": " two"}],
        [{"type": "text", "text": str(number)} for number in range(64)],
    ],
    ids=["short", "space", "nul", "inside", "lines", "unicode", "longest", "part", "parts", "most parts"],
)
def test_content_comes_back_as_it_was_sent(api: client, content: Any) -> None:
    interaction_id = api.create_interaction()["interaction_id"]
    message = api.note(interaction_id, content)
    assert message["content"] == content
    assert api.get(messages_path(interaction_id, message["message_id"])).expect(200) == message


@pytest.mark.parametrize(
    ("body", "code", "param"),
    [
        ({}, "missing_field", "content"),
        ({"content": None}, "invalid_type", "content"),
        ({"content": 7}, "invalid_type", "content"),
        ({"content": {}}, "invalid_type", "content"),
        ({"content": ""}, "invalid_content", "content"),
        ({"content": "x" * 262145}, "invalid_content", "content"),
        ({"content": []}, "invalid_content", "content"),
        ({"content": [{"type": "text", "text": "x"}] * 65}, "invalid_content", "content"),
        ({"content": [{"type": "text", "text": ""}]}, "invalid_content", None),
        ({"content": [{"type": "text"}]}, "missing_field", None),
        ({"content": [{"text": "x"}]}, "missing_field", None),
        ({"content": [{"type": "image", "text": "x"}]}, "unsupported_part", None),
        ({"content": [{"type": "text", "text": 7}]}, "invalid_type", None),
        ({"content": [{"type": "text", "text": "x", "more": 1}]}, "unknown_field", None),
        ({"content": ["x"]}, "invalid_type", None),
        ({"content": "x", "role": "assistant"}, "invalid_role", "role"),
        ({"content": "x", "role": 7}, "invalid_type", "role"),
        ({"content": "x", "respond": "no"}, "invalid_type", "respond"),
        ({"content": "x", "stream": 1}, "invalid_type", "stream"),
        ({"content": "x", "metadata": {"k": None}}, "invalid_type", "metadata"),
        ({"content": "x", "model": "m"}, "unknown_field", "model"),
        ([], "invalid_type", None),
    ],
)
def test_wrong_messages_are_refused_and_nothing_is_stored(
    api: client, body: Any, code: str, param: str | None
) -> None:
    interaction_id = api.create_interaction()["interaction_id"]
    api.request("POST", messages_path(interaction_id), body).expect_error(422, code, param)
    assert api.messages(interaction_id) == []
    api.note(interaction_id, "and on it goes")


def test_unknown_messages_are_404_in_the_same_words(api: client) -> None:
    interaction_id = api.create_interaction()["interaction_id"]
    other = api.create_interaction()["interaction_id"]
    message_id = api.note(other, "x")["message_id"]
    words = set()
    for unknown in (str(uuid.uuid4()), "x", message_id):
        answers = [
            api.get(messages_path(interaction_id, unknown)),
            api.get(messages_path(interaction_id, unknown, "events")),
            api.request("POST", messages_path(interaction_id, unknown, "stop")),
        ]
        for answer in answers:
            answer.expect_error(404, "message_not_found")
            words.add(answer.body["detail"])
    assert words == {"There is no such message."}


def test_many_writers_of_one_interaction_get_an_order_without_gaps(api: client) -> None:
    from concurrent.futures import ThreadPoolExecutor

    interaction_id = api.create_interaction()["interaction_id"]

    def write(number: int) -> str:
        with client(api.base_url) as one:
            return str(one.note(interaction_id, str(number))["message_id"])

    with ThreadPoolExecutor(16) as pool:
        made = set(pool.map(write, range(64)))
    stored = api.messages(interaction_id)
    assert {m["message_id"] for m in stored} == made
    assert [m["seq"] for m in stored] == list(range(1, 65))
    parents = [None, *(m["message_id"] for m in stored[:-1])]
    assert [m["parent_id"] for m in stored] == parents
    assert api.get(f"{API}/interactions/{interaction_id}").expect(200)["message_count"] == 64
