"""Calls of tools: stored, answered one by one, continued by the model."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest

from .conftest import start_server
from .support.client import answer as http_answer
from .support.client import client, messages_path, script
from .support.mongo import store_over

send = Callable[[client], Any]

WEATHER: dict[str, Any] = {
    "name": "weather",
    "description": "The weather of a city.",
    "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
}


def call_of(call_id: str, city: str = "Oslo") -> dict[str, str]:
    return {"id": call_id, "name": "weather", "arguments": f'{{"city":"{city}"}}'}


@pytest.fixture
def talk(api: client) -> str:
    made = api.create_interaction(settings={"tools": [WEATHER]})
    assert made["settings"]["tools"] == [WEATHER]
    return str(made["interaction_id"])


def ask(api: client, talk: str, *ids: str, says: list[str] | None = None) -> dict[str, Any]:
    calls = [call_of(one) for one in ids]
    reply = api.say(talk, script(says or [], tool_calls=calls))
    assert (reply["status"], reply["finish_reason"]) == ("complete", "tool_calls")
    assert reply["tool_calls"] == calls
    return reply


def answer(api: client, talk: str, call_id: str, content: str = "rain", **fields: Any) -> dict[str, Any]:
    sent = api.send(talk, content, role="tool", tool_call_id=call_id, **fields).expect(201)
    told: dict[str, Any] = sent
    return told


def answers(talk: str, ids: list[str], content: str = "rain", **fields: Any) -> list[send]:
    """To each of the calls one."""
    return [partial(answer, talk=talk, call_id=one, content=content, **fields) for one in ids]


def at_once(servers: list[client], sends: Sequence[send]) -> list[Any]:
    """What each of them returned; all begin in one moment, each with a connection of its own."""
    ready = threading.Barrier(len(sends))

    def run(number: int) -> Any:
        with client(servers[number % len(servers)].base_url) as one:
            ready.wait()
            return sends[number](one)

    with ThreadPoolExecutor(len(sends)) as threads:
        return list(threads.map(run, range(len(sends))))


def test_a_reply_that_calls_a_tool_goes_on_when_its_answer_arrives(api: client, talk: str) -> None:
    asked = ask(api, talk, "one", says=["Let me ", "see."])
    assert asked["content"] == "Let me see."
    told = answer(api, talk, "one", "-3 degrees")
    assert told["user_message"]["role"] == "tool"
    assert told["user_message"]["tool_call_id"] == "one"
    assert told["user_message"]["parent_id"] == asked["message_id"]
    assert told["reply"]["parent_id"] == told["user_message"]["message_id"]
    assert '{call weather({"city":"Oslo"})}' in told["reply"]["content"]
    assert "[tool one] -3 degrees" in told["reply"]["content"]
    assert [m["role"] for m in api.messages(talk)] == ["user", "assistant", "tool", "assistant"]


def test_the_model_goes_on_when_the_last_of_several_answers_is_there(api: client, talk: str) -> None:
    ask(api, talk, "a", "b", "c")
    assert answer(api, talk, "b")["reply"] is None
    assert answer(api, talk, "a", stream=True)["reply"] is None
    last = answer(api, talk, "c", "snow")
    assert "[tool b] rain | [tool a] rain | [tool c] snow" in last["reply"]["content"]


def test_answers_that_come_at_once_get_one_reply(api: client, talk: str) -> None:
    ids = [f"call-{number}" for number in range(8)]
    ask(api, talk, *ids)
    sent = at_once([api], answers(talk, ids))
    assert len([one for one in sent if one["reply"] is not None]) == 1
    assert [m["role"] for m in api.messages(talk)] == ["user", "assistant", *["tool"] * 8, "assistant"]


def test_answers_that_name_the_reply_make_one_chain(api: client, talk: str) -> None:
    asked = ask(api, talk, "a", "b", "c")
    first = answer(api, talk, "b", "sun", parent_id=asked["message_id"])
    assert first["reply"] is None
    second = answer(api, talk, "a", parent_id=first["user_message"]["message_id"])
    assert second["reply"] is None
    # Neither names the end of the chain.
    last = answer(api, talk, "c", "snow", parent_id=asked["message_id"])
    assert last["user_message"]["parent_id"] == second["user_message"]["message_id"]
    assert last["user_message"]["sibling"] == {"index": 0, "count": 1}
    assert "[tool b] sun | [tool a] rain | [tool c] snow" in last["reply"]["content"]
    assert [m["role"] for m in api.messages(talk)] == ["user", "assistant", *["tool"] * 3, "assistant"]


def test_answers_that_name_the_reply_at_once_make_one_chain(api: client, talk: str) -> None:
    ids = [f"call-{number}" for number in range(8)]
    parent = ask(api, talk, *ids)["message_id"]
    sent = at_once([api], answers(talk, ids, parent_id=parent))
    assert len([one for one in sent if one["reply"] is not None]) == 1
    assert [m["role"] for m in api.messages(talk)] == ["user", "assistant", *["tool"] * 8, "assistant"]
    assert all(one["user_message"]["sibling"]["count"] == 1 for one in sent)


def test_all_results_can_be_sent_anew_at_once(api: client, talk: str) -> None:
    parent = ask(api, talk, "a", "b", "c")["message_id"]
    for content in ("old", "new"):
        sent = at_once([api], answers(talk, ["a", "b", "c"], content, parent_id=parent))
        [reply] = [one["reply"] for one in sent if one["reply"] is not None]
        shown = api.messages(talk)
        assert [m["content"] for m in shown[2:5]] == [content] * 3
        assert {m["tool_call_id"] for m in shown[2:5]} == {"a", "b", "c"}
        assert shown[5]["message_id"] == reply["message_id"]
    assert shown[2]["sibling"] == {"index": 1, "count": 2}


def test_a_result_comes_to_the_others_also_when_the_talk_went_on_without_it(api: client, talk: str) -> None:
    asked = ask(api, talk, "a", "b")
    first = answer(api, talk, "a")["user_message"]
    assert api.say(talk, "Never mind.")["status"] == "complete"
    late = answer(api, talk, "b", "sun", parent_id=asked["message_id"])
    assert late["user_message"]["parent_id"] == first["message_id"]
    assert late["user_message"]["sibling"] == {"index": 1, "count": 2}
    assert late["reply"]["content"].endswith("[tool a] rain | [tool b] sun")


def different_answers(talk: str) -> list[send]:
    fields: dict[str, Any] = {"interaction_id": talk, "role": "tool", "tool_call_id": "one"}
    return [partial(client.send, content=f"rain {number}", **fields) for number in range(8)]


def check_one_was_stored(api: client, talk: str, sent: list[http_answer], *codes: str) -> None:
    [won] = [one for one in sent if one.status == 201]
    for one in sent:
        if one is not won:
            assert one.code in codes, one.text
            one.expect_error(409, str(one.code), "tool_call_id")
    [stored] = [m for m in api.messages(talk) if m["role"] == "tool"]
    assert stored == won.body["user_message"]


@pytest.mark.parametrize("on_busy", ["reject", "queue", "interrupt"])
def test_of_different_answers_to_the_last_call_one_is_stored(api: client, on_busy: str) -> None:
    for _ in range(5):
        made = api.create_interaction(settings={"tools": [WEATHER], "on_busy": on_busy})
        talk = made["interaction_id"]
        ask(api, talk, "one")
        sent = at_once([api], different_answers(talk))
        check_one_was_stored(api, talk, sent, "unknown_tool_call")
        shown = api.messages(talk)
        assert [m["role"] for m in shown] == ["user", "assistant", "tool", "assistant"]
        assert shown[3]["status"] == "complete"


def test_of_different_answers_to_one_of_two_calls_one_is_stored(api: client) -> None:
    for _ in range(5):
        talk = api.create_interaction(settings={"tools": [WEATHER]})["interaction_id"]
        ask(api, talk, "one", "two")
        sent = at_once([api], different_answers(talk))
        check_one_was_stored(api, talk, sent, "tool_call_answered")
        assert answer(api, talk, "two")["reply"]["status"] == "complete"


def test_of_different_answers_at_two_servers_one_is_stored(
    shared_mongo_uri: str, new_server: start_server
) -> None:
    store = store_over(shared_mongo_uri)
    with new_server(store, "a").client() as one, new_server(store, "b").client() as two:
        for _ in range(5):
            talk = one.create_interaction(settings={"tools": [WEATHER]})["interaction_id"]
            ask(one, talk, "one")
            sent = at_once([one, two], different_answers(talk))
            check_one_was_stored(one, talk, sent, "unknown_tool_call")
        ids = [f"call-{number}" for number in range(8)]
        parent = ask(one, talk, *ids)["message_id"]
        told = at_once([one, two], answers(talk, ids, parent_id=parent))
        assert len([each for each in told if each["reply"] is not None]) == 1
        assert [m["role"] for m in one.messages(talk)][6:] == [*["tool"] * 8, "assistant"]


def test_copies_of_an_answer_under_one_key_get_the_same_at_two_servers(
    shared_mongo_uri: str, new_server: start_server
) -> None:
    store = store_over(shared_mongo_uri)
    with new_server(store, "a").client() as one, new_server(store, "b").client() as two:
        for _ in range(15):
            talk = one.create_interaction(settings={"tools": [WEATHER]})["interaction_id"]
            ask(one, talk, "one")
            body = {"content": "sun", "role": "tool", "tool_call_id": "one"}
            again = partial(
                client.request,
                method="POST",
                path=messages_path(talk),
                body=body,
                headers={"Idempotency-Key": "k-" + talk},
            )
            told = [each.expect(201) for each in at_once([one, two], [again] * 6)]
            assert len({each["user_message"]["message_id"] for each in told}) == 1
            assert len({each["reply"]["message_id"] for each in told}) == 1
            assert len(one.messages(talk)) == 4


def test_an_answer_may_be_streamed_and_sent_again(api: client, talk: str) -> None:
    ask(api, talk, "one")
    body = {"content": "sun", "role": "tool", "tool_call_id": "one", "stream": True}
    for _ in range(2):
        with api.stream("POST", messages_path(talk), body, {"Idempotency-Key": "k-" + talk}) as turn:
            events = turn.rest()
        assert events[0].data["user_message"]["content"] == "sun"
        assert events[-1].name == "message.completed"
    assert len(api.messages(talk)) == 4


def test_an_answer_that_was_only_stored_is_told_again_under_its_key(api: client, talk: str) -> None:
    ask(api, talk, "a", "b")
    body = {"content": "first", "role": "tool", "tool_call_id": "a"}
    headers = {"Idempotency-Key": "k-" + talk}
    first = api.request("POST", messages_path(talk), body, headers=headers).expect(201)
    assert first["reply"] is None
    again = api.request("POST", messages_path(talk), body, headers=headers)
    assert again.headers["idempotency-replayed"] == "true"
    assert again.expect(201)["user_message"] == first["user_message"]
    assert answer(api, talk, "b")["reply"]["status"] == "complete"
    # Now there is a reply, but not of this request's.
    late = api.request("POST", messages_path(talk), body, headers=headers).expect(201)
    assert late["user_message"]["message_id"] == first["user_message"]["message_id"]
    assert late["reply"] is None
    assert len(api.messages(talk)) == 5


def test_a_tool_may_answer_with_nothing(api: client, talk: str) -> None:
    ask(api, talk, "one")
    told = answer(api, talk, "one", "")
    assert told["user_message"]["content"] == ""
    assert "[tool one] " in told["reply"]["content"]
    assert [m["content"] for m in api.messages(talk)][2] == ""
    api.send(talk, "").expect_error(422, "invalid_content", "content")


def test_an_answer_to_no_call_is_refused(api: client, talk: str) -> None:
    def refused(call_id: str, code: str) -> None:
        sent = api.send(talk, "x", role="tool", tool_call_id=call_id)
        sent.expect_error(409, code, "tool_call_id")

    refused("one", "unknown_tool_call")
    ask(api, talk, "one", "two")
    refused("three", "unknown_tool_call")
    answer(api, talk, "one")
    refused("one", "tool_call_answered")
    answer(api, talk, "two")
    refused("two", "unknown_tool_call")
    assert len(api.messages(talk)) == 5


def test_role_tool_and_tool_call_id_belong_together(api: client, talk: str) -> None:
    api.send(talk, "x", role="tool").expect_error(422, "invalid_tool_call_id", "tool_call_id")
    api.send(talk, "x", tool_call_id="one").expect_error(422, "invalid_tool_call_id", "tool_call_id")
    api.send(talk, "x", role="assistant").expect_error(422, "invalid_role", "role")


def test_a_result_can_be_regenerated_from_and_edited(api: client, talk: str) -> None:
    asked = ask(api, talk, "one")
    told = answer(api, talk, "one", "rain")
    path = messages_path(talk, told["reply"]["message_id"], "regenerate")
    again = api.request("POST", path, {}).expect(201)["reply"]
    assert again["sibling"] == {"index": 1, "count": 2}
    assert "[tool one] rain" in again["content"]
    edited = answer(api, talk, "one", "sun", parent_id=asked["message_id"])
    assert "[tool one] sun" in edited["reply"]["content"]
    assert "rain" not in edited["reply"]["content"]
    assert edited["user_message"]["sibling"] == {"index": 1, "count": 2}


def test_the_model_can_be_asked_to_go_on_behind_a_result_that_was_only_stored(api: client, talk: str) -> None:
    ask(api, talk, "one")
    told = answer(api, talk, "one", "rain", respond=False)
    assert told["reply"] is None
    path = messages_path(talk, told["user_message"]["message_id"], "regenerate")
    reply = api.request("POST", path, {}).expect(201)["reply"]
    assert "[tool one] rain" in reply["content"]
    assert [m["role"] for m in api.messages(talk)] == ["user", "assistant", "tool", "assistant"]


def test_a_call_that_was_never_answered_is_left_out_of_the_prompt(api: client, talk: str) -> None:
    ask(api, talk, "one", says=["Wait."])
    reply = api.say(talk, "Never mind.")
    assert reply["content"].endswith("[assistant] Wait. | [user] Never mind.")


def test_a_tool_choice_must_name_a_tool(api: client, talk: str) -> None:
    path = f"/api/v1/interactions/{talk}"
    api.request("PATCH", path, {"settings": {"tool_choice": "weather"}}).expect(200)
    assert api.say(talk, "Hello")["status"] == "complete"
    api.request("PATCH", path, {"settings": {"tool_choice": "other"}}).expect(200)
    api.send(talk, "Hello").expect_error(409, "unknown_tool", "settings.tool_choice")
    api.request("PATCH", path, {"settings": {"tool_choice": "no such name!"}}).expect_error(
        422, "invalid_settings", "settings.tool_choice"
    )
    api.request("PATCH", path, {"settings": {"tools": [WEATHER, WEATHER]}}).expect_error(
        422, "invalid_settings", "settings.tools"
    )


def test_a_response_format_is_kept(api: client) -> None:
    schema = {"type": "object", "properties": {"n": {"type": "integer"}}}
    format_ = {"type": "json_schema", "name": "number", "schema": schema}
    made = api.create_interaction(settings={"response_format": format_})
    assert made["settings"]["response_format"] == format_
    path = f"/api/v1/interactions/{made['interaction_id']}"
    assert api.say(made["interaction_id"], "Hello")["content"].startswith('{"echo":')
    plain = api.request("PATCH", path, {"settings": {"response_format": {"type": "json_object"}}})
    assert plain.expect(200)["settings"]["response_format"] == {"type": "json_object"}
    none = api.request("PATCH", path, {"settings": {"response_format": None}}).expect(200)
    assert none["settings"]["response_format"] is None
    bad: dict[str, Any] = {"response_format": {"type": "json_schema", "name": "x"}}
    api.request("PATCH", path, {"settings": bad}).expect_error(422, "missing_field")


def test_images_are_kept_and_given_to_the_model(api: client) -> None:
    talk = api.create_interaction()["interaction_id"]
    url = "data:image/png;base64,iVBORw0KGgo="
    parts = [{"type": "text", "text": "Look: "}, {"type": "image_url", "image_url": {"url": url}}]
    reply = api.say(talk, parts)
    assert "{image}" in reply["content"]
    assert api.messages(talk)[0]["content"] == parts
    for bad in ("http://example.org/x.png", "data:text/html;base64,AAAA", "data:image/png;base64,***"):
        part = {"type": "image_url", "image_url": {"url": bad}}
        api.send(talk, [part]).expect_error(422, "invalid_content", "content")


def test_thoughts_come_apart_from_the_answer(api: client) -> None:
    talk = api.create_interaction()["interaction_id"]
    body = {"content": script(["Four."], reasoning=["Two and ", "two."]), "stream": True}
    with api.stream("POST", messages_path(talk), body) as turn:
        events = turn.rest()
    thoughts = [one for one in events if one.name == "message.reasoning"]
    assert "".join(one.data["delta"] for one in thoughts) == "Two and two."
    assert [one.id for one in thoughts] == [""] * len(thoughts)
    assert thoughts[-1].data["end"] == len("Two and two.")
    reply = events[-1].data
    assert (reply["content"], reply["reasoning"]) == ("Four.", "Two and two.")
    assert api.messages(talk)[1]["reasoning"] == "Two and two."
    # What was thought is not said again to the model.
    assert "Two and two." not in api.say(talk, "Why?")["content"]
