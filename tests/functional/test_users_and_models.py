"""The one local user, and what models there are."""

from typing import Any

import pytest

from .conftest import start_server
from .support.client import API, client
from .support.server import SCRIPTED

ME = f"{API}/users/me"


def test_the_local_user_is_the_same_ever_after(new_server: start_server) -> None:
    server = new_server()
    with server.client() as api:
        me = api.get(ME).expect(200)
        assert set(me) == {
            "user_id", "name", "extra", "is_admin", "limits", "created_at", "interaction_list",
        }  # fmt: skip
        assert me["is_admin"] is True
        assert me["extra"] == {}
        changed = api.request("PATCH", ME, {"name": "Ada 🙂", "extra": {"theme": "dark"}}).expect(200)
        assert changed == {**me, "name": "Ada 🙂", "extra": {"theme": "dark"}}
        assert api.request("PATCH", ME, {}).expect(200) == changed
        assert api.request("PATCH", ME, {"name": ""}).expect(200)["extra"] == {"theme": "dark"}
        last = api.request("PATCH", ME, {"extra": {"a": "b"}}).expect(200)
        assert (last["name"], last["extra"]) == ("", {"a": "b"})
    server.stop()
    server.start()
    with server.client() as api:
        assert api.get(ME).expect(200) == last


@pytest.mark.parametrize(
    ("body", "code", "param"),
    [
        ({"name": "x" * 201}, "invalid_name", "name"),
        ({"name": None}, "invalid_type", "name"),
        ({"extra": {"k": 1}}, "invalid_type", "extra"),
        ({"extra": {"": "v"}}, "invalid_metadata", "extra"),
        ({"user_id": "x"}, "unknown_field", "user_id"),
        ([], "invalid_type", None),
    ],
)
def test_wrong_users(api: client, body: Any, code: str, param: str | None) -> None:
    api.request("PATCH", ME, body).expect_error(422, code, param)


def test_models_in_the_order_of_the_configuration(api: client) -> None:
    models = api.get(f"{API}/models").expect(200)["data"]
    assert [(m["name"], m["default"]) for m in models] == [
        ("scripted", True),
        ("small", False),
        ("single", False),
    ]
    assert {(m["kind"], m["state"], m["problem"]) for m in models} == {("scripted", "ready", None)}
    assert [m["context_window"] for m in models] == [4096, 64, 4096]


def test_another_default_model(new_server: start_server) -> None:
    server = new_server({"models": [SCRIPTED, {**SCRIPTED, "name": "second"}], "default_model": "second"})
    with server.client() as api:
        models = api.get(f"{API}/models").expect(200)["data"]
        assert [(m["name"], m["default"]) for m in models] == [("scripted", False), ("second", True)]
        interaction_id = api.create_interaction()["interaction_id"]
        assert api.say(interaction_id, "x")["model_name"] == "second"


def test_without_any_model(new_server: start_server) -> None:
    server = new_server({"models": []})
    with server.client() as api:
        assert api.get(f"{API}/models").expect(200) == {"currency": "USD", "data": []}
        interaction_id = api.create_interaction()["interaction_id"]
        api.note(interaction_id, "kept")
        api.send(interaction_id, "x").expect_error(409, "unknown_model")
