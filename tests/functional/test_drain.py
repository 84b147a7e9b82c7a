"""The end of a server: what runs may end in its grace, nothing new begins, and a second signal hurries it."""

import signal
import time

from .conftest import start_server
from .support.client import messages_path, script
from .support.server import PATIENCE
from .support.waiting import wait_until

ENDLESS = script(["x"], wait_for_stop=True)


def test_nothing_new_begins_while_what_runs_comes_to_its_end(new_server: start_server) -> None:
    one = new_server({"server": {"shutdown_grace": "60s"}})
    with one.client() as api, one.client() as other:
        talk = api.create_interaction()["interaction_id"]
        free = other.create_interaction()["interaction_id"]
        with api.stream("POST", messages_path(talk), {"content": ENDLESS, "stream": True}) as turn:
            reply = turn.next().data["reply"]
            one.signal(signal.SIGTERM)
            one.wait_for_log("shutting down")
            wait_until(lambda: other.get("/readyz").status == 503, "it says that it is not ready")
            refused = other.send(free, script(["new"]))
            refused.expect_error(503, "shutting_down")
            assert int(refused.headers["retry-after"]) >= 1
            assert other.get("/healthz").status == 200
            assert other.messages(free) == []
            stopped = other.request("POST", messages_path(talk, reply["message_id"], "stop"))
            assert stopped.expect(200)["status"] == "stopped"
            assert turn.rest()[-1].name == "message.stopped"
    one.wait_for_exit(0)


def test_a_second_signal_ends_it_at_once(new_server: start_server) -> None:
    one = new_server({"server": {"shutdown_grace": "600s"}})
    with one.client() as api:
        talk = api.create_interaction()["interaction_id"]
        with api.stream("POST", messages_path(talk), {"content": ENDLESS, "stream": True}) as turn:
            turn.next()
            one.signal(signal.SIGTERM)
            one.wait_for_log("shutting down")
            begun = time.monotonic()
            one.signal(signal.SIGINT)
            one.wait_for_exit(128 + signal.SIGINT)
            assert time.monotonic() - begun < PATIENCE
    one.start()
    with one.client() as api:
        assert [m["status"] for m in api.messages(talk)] == ["complete", "interrupted"]
        assert api.say(talk, script(["on"]))["content"] == "on"
