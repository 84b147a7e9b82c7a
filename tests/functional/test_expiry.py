"""What has expired is deleted from the disk with all its messages, also by a server that starts later."""

import sqlite3

from .conftest import start_server
from .support.client import API
from .support.server import PATIENCE, server
from .support.waiting import wait_until

LONG_AGO = "2020-01-01T00:00:00Z"


def rows(one: server) -> dict[str, int]:
    with sqlite3.connect(f"file:{one.data / 'parley.db'}?mode=ro", uri=True) as db:
        tables = ("interactions", "interaction_details", "messages")
        return {table: db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables}


def test_the_sweep_deletes_it_with_all_that_hangs_on_it(new_server: start_server) -> None:
    one = new_server()
    with one.client() as api:
        kept = api.create_interaction(expires_at="2100-01-01T00:00:00Z")["interaction_id"]
        api.note(kept, "kept")
        for number in range(40):  # more than one batch
            interaction_id = api.create_interaction()["interaction_id"]
            api.note(interaction_id, str(number))
            api.request("PATCH", f"{API}/interactions/{interaction_id}", {"expires_at": LONG_AGO}).expect(200)
    one.stop()
    one.start()
    left = {"interactions": 1, "interaction_details": 1, "messages": 1}
    wait_until(lambda: rows(one) == left, "only what has not expired is left", PATIENCE)
    with one.client() as api:
        assert [m["content"] for m in api.messages(kept)] == ["kept"]
        later = api.create_interaction(expires_at=LONG_AGO)["interaction_id"]
        api.get(f"{API}/interactions/{later}").expect_error(404, "interaction_not_found")
    wait_until(lambda: rows(one) == left, "the running server sweeps again", PATIENCE)
