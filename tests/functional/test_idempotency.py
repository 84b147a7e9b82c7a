"""The same request under the same Idempotency-Key happens once."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from .conftest import start_server
from .support.client import API, answer, client, messages_path, script
from .support.events import check_turn

INTERACTIONS = f"{API}/interactions"


def keyed(key: str) -> dict[str, str]:
    return {"Idempotency-Key": key}


def send(api: client, interaction_id: str, key: str, content: str, **fields: Any) -> answer:
    body = {"content": content, **fields}
    return api.request("POST", messages_path(interaction_id), body, headers=keyed(key))


def test_an_interaction_is_made_once(api: client) -> None:
    body = {"title": "once", "settings": {"temperature": 0.5}}
    first = api.request("POST", INTERACTIONS, body, headers=keyed("make"))
    again = api.request("POST", INTERACTIONS, body, headers=keyed("make"))
    assert first.expect(201) == again.expect(201)
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    other = api.request("POST", INTERACTIONS, body, headers=keyed("make another"))
    assert other.expect(201)["interaction_id"] != first.body["interaction_id"]


def test_the_answer_is_that_of_the_first_time(api: client) -> None:
    first = api.request("POST", INTERACTIONS, {"title": "before"}, headers=keyed("kept answer")).expect(201)
    path = f"{INTERACTIONS}/{first['interaction_id']}"
    api.request("PATCH", path, {"title": "after"}).expect(200)
    again = api.request("POST", INTERACTIONS, {"title": "before"}, headers=keyed("kept answer"))
    assert again.expect(201) == first
    assert api.get(path).expect(200)["title"] == "after"


def test_a_turn_happens_once(api: client) -> None:
    talk = api.create_interaction()["interaction_id"]
    first = send(api, talk, "turn", script(["hello"])).expect(201)
    again = send(api, talk, "turn", script(["hello"]))
    assert again.expect(201) == first
    assert again.headers["idempotency-replayed"] == "true"
    assert len(api.messages(talk)) == 2


def test_a_turn_is_found_again_when_the_conversation_has_gone_on(api: client) -> None:
    talk = api.create_interaction()["interaction_id"]
    first = send(api, talk, "early", script(["one"])).expect(201)
    body = {"content": script(["two"], wait_for_stop=True), "stream": True}
    with api.stream("POST", messages_path(talk), body) as running:
        reply = running.next().data["reply"]["message_id"]
        with client(api.base_url) as other:
            assert send(other, talk, "early", script(["one"])).expect(201) == first
            other.request("POST", messages_path(talk, reply, "stop")).expect(200)
        running.rest()
    assert len(api.messages(talk)) == 4


def test_a_note_happens_once(api: client) -> None:
    talk = api.create_interaction()["interaction_id"]
    first = send(api, talk, "note", "a note", respond=False).expect(201)
    assert send(api, talk, "note", "a note", respond=False).expect(201) == first
    assert len(api.messages(talk)) == 1


def test_a_copy_joins_the_reply_that_is_being_written(api: client) -> None:
    talk = api.create_interaction()["interaction_id"]
    body = {"content": script(["a"], repeat=40, delay_ms=10), "stream": True}
    with (
        client(api.base_url) as other,
        api.stream("POST", messages_path(talk), body, keyed("join")) as one,
    ):
        created = one.next()
        one.next()
        with other.stream("POST", messages_path(talk), body, keyed("join")) as two:
            assert two.headers["idempotency-replayed"] == "true"
            joined = check_turn(two.rest())
        rest = one.rest()
    assert rest[-1].data == joined.reply
    assert joined.text == "a" * 40
    assert joined.user_message == created.data["user_message"]
    assert len(api.messages(talk)) == 2


def test_a_hundred_copies_at_once_make_one_turn(api: client) -> None:
    talk = api.create_interaction()["interaction_id"]
    clients = [client(api.base_url) for _ in range(20)]

    def copies(one: client) -> list[answer]:
        with one:
            return [send(one, talk, "hundred", script(["x"], delay_ms=50)) for _ in range(5)]

    with ThreadPoolExecutor(len(clients)) as pool:
        answers = [got for some in pool.map(copies, clients) for got in some]
    bodies = [got.expect(201) for got in answers]
    assert len(bodies) == 100
    assert all(body == bodies[0] for body in bodies)
    assert len(api.messages(talk)) == 2


def test_something_else_under_a_key_is_refused(api: client) -> None:
    talk = api.create_interaction()["interaction_id"]
    send(api, talk, "mixed", script(["x"])).expect(201)
    send(api, talk, "mixed", script(["y"])).expect_error(422, "idempotency_key_reused", "Idempotency-Key")
    reused = api.request("POST", INTERACTIONS, {}, headers=keyed("mixed"))
    reused.expect_error(422, "idempotency_key_reused", "Idempotency-Key")
    assert len(api.messages(talk)) == 2


def test_a_refused_request_uses_up_no_key(api: client) -> None:
    talk = api.create_interaction(settings={"model_name": "nobody"})["interaction_id"]
    send(api, talk, "refused", script(["x"])).expect_error(409, "unknown_model")
    path = f"{INTERACTIONS}/{talk}"
    api.request("PATCH", path, {"settings": {"model_name": "scripted"}}).expect(200)
    sent = send(api, talk, "refused", script(["other"]))
    assert sent.expect(201)["reply"]["content"] == "other"
    assert "idempotency-replayed" not in sent.headers


@pytest.mark.parametrize("key", ["plain", '"quoted"', "a b c", "x" * 255, '"', '""', "~!@#$%^&*()"])
def test_any_printable_key_will_do(api: client, key: str) -> None:
    first = api.request("POST", INTERACTIONS, {}, headers=keyed(key)).expect(201)
    assert api.request("POST", INTERACTIONS, {}, headers=keyed(key)).expect(201) == first


def test_a_quoted_key_is_the_same_as_a_raw_one(api: client) -> None:
    first = api.request("POST", INTERACTIONS, {}, headers=keyed("either form")).expect(201)
    assert api.request("POST", INTERACTIONS, {}, headers=keyed('"either form"')).expect(201) == first


def test_a_key_that_is_none(api: client) -> None:
    refused = api.request("POST", INTERACTIONS, {}, headers=keyed("x" * 256))
    refused.expect_error(422, "invalid_parameter", "Idempotency-Key")


def test_a_regeneration_and_a_stop_happen_once(api: client) -> None:
    talk = api.create_interaction()["interaction_id"]
    reply = api.say(talk, script(["x"]))["message_id"]
    path = messages_path(talk, reply, "regenerate")
    first = api.request("POST", path, headers=keyed("again")).expect(201)
    assert api.request("POST", path, headers=keyed("again")).expect(201) == first
    assert len(api.get(messages_path(talk), branch="all", limit=100).expect(200)["data"]) == 3
    stop = messages_path(talk, reply, "stop")
    stopped = api.request("POST", stop, headers=keyed("stop")).expect(200)
    assert api.request("POST", stop, headers=keyed("stop")).expect(200) == stopped


def test_deleting_frees_the_keys(api: client) -> None:
    talk = api.request("POST", INTERACTIONS, {}, headers=keyed("gone")).expect(201)["interaction_id"]
    send(api, talk, "gone with it", script(["x"])).expect(201)
    api.request("DELETE", f"{INTERACTIONS}/{talk}").expect(204)
    send(api, talk, "gone with it", script(["x"])).expect_error(404, "interaction_not_found")
    other = api.create_interaction()["interaction_id"]
    send(api, other, "gone with it", script(["y"])).expect(201)


def test_a_key_outlives_the_server(new_server: start_server) -> None:
    one = new_server()
    with one.client() as api:
        made = api.request("POST", INTERACTIONS, {"title": "kept"}, headers=keyed("k1")).expect(201)
        talk = made["interaction_id"]
        turn = send(api, talk, "k2", script(["x"])).expect(201)
    one.kill()
    one.start()
    with one.client() as api:
        again = api.request("POST", INTERACTIONS, {"title": "kept"}, headers=keyed("k1"))
        assert again.expect(201) == made
        assert send(api, talk, "k2", script(["x"])).expect(201) == turn
        send(api, talk, "k2", script(["y"])).expect_error(422, "idempotency_key_reused")
        assert len(api.messages(talk)) == 2


def test_a_turn_that_a_crash_cut_off_is_not_made_twice(new_server: start_server) -> None:
    one = new_server()
    content = script(["a"], repeat=1000, delay_ms=5)
    with one.client() as api:
        talk = api.create_interaction()["interaction_id"]
        body = {"content": content, "stream": True}
        with api.stream("POST", messages_path(talk), body, keyed("cut")) as turn:
            reply = turn.next().data["reply"]["message_id"]
            turn.next()
            one.kill()
    one.start()
    with one.client() as api:
        got = send(api, talk, "cut", content, stream=True)
        assert got.status == 200
        assert f'"message_id":"{reply}"' in got.text
        assert "event: message.interrupted" in got.text
        assert [m["status"] for m in api.messages(talk)] == ["complete", "interrupted"]


def test_two_keys_are_one_too_many(api: client) -> None:
    headers = [("Idempotency-Key", "a"), ("Idempotency-Key", "b")]
    with httpx.Client(base_url=api.base_url, trust_env=False) as one:
        refused = one.post(INTERACTIONS, json={}, headers=headers)
    assert (refused.status_code, refused.json()["param"]) == (422, "Idempotency-Key")
