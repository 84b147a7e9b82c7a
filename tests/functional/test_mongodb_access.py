"""What the URI of a MongoDB store says is what happens: TLS, a login, whose copy is read."""

import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from .conftest import start_server
from .support.bson import document
from .support.certificates import authority
from .support.client import API, client, script
from .support.mongo import REAL, mongo_server, store_over
from .support.mongo_wire import answerer, nobody, wire_proxy
from .support.scram import scram_login
from .support.server import environment, run_parley, server

pytestmark = pytest.mark.skipif(REAL is not None, reason="these tests play a part of the server")

PASSWORD = "hidden:word/ä"
QUOTED = "hidden%3Aword%2F%C3%A4"


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with mongo_server(tmp_path_factory.mktemp("mongo") / "mongo.h2") as one:
        yield one.port


def use(one: client) -> None:
    """Writes, and finds it again."""
    talk = one.create_interaction(title="Kept")["interaction_id"]
    assert one.say(talk, script(["Hello"]))["content"] == "Hello"
    assert one.interaction(talk)["title"] == "Kept"
    assert len(one.messages(talk)) == 2


def refusal(folder: Path, uri: str) -> str:
    """What it says when it does not start. No password is in it."""
    file = server(folder, store_over("mongodb://x/")).config_file()
    done = run_parley("serve", "--config", str(file), env={**environment(), "PARLEY_STORE_URI": uri})
    assert done.returncode == 1
    for word in (PASSWORD, QUOTED):
        assert word not in done.stdout + done.stderr
    return done.stderr


# -- TLS


@pytest.fixture
def ca(tmp_path: Path) -> authority:
    return authority(tmp_path / "ca")


def encrypted(proxy: wire_proxy, trusted: Path) -> str:
    return f"{proxy.uri}?tls=true&tlsCAFile={trusted}"


def test_tls_with_an_authority_of_ones_own(port: int, ca: authority, new_server: start_server) -> None:
    with wire_proxy(port, ca.context_for("IP:127.0.0.1")) as proxy:
        with new_server(store_over(encrypted(proxy, ca.file))).client() as one:
            use(one)
        assert proxy.take_commands(), "it went another way"


def test_a_certificate_that_is_not_trusted_is_refused(port: int, ca: authority, tmp_path: Path) -> None:
    other = authority(tmp_path / "other", "another-ca")
    with wire_proxy(port, ca.context_for("IP:127.0.0.1")) as proxy:
        said = refusal(tmp_path / "server", encrypted(proxy, other.file))
        assert f"MongoDB at 127.0.0.1:{proxy.port} can not be reached" in said
        assert "certificate verify failed" in said
        assert proxy.take_commands() == []


def test_a_certificate_of_another_name_is_refused(port: int, ca: authority, tmp_path: Path) -> None:
    with wire_proxy(port, ca.context_for("DNS:elsewhere.example")) as proxy:
        said = refusal(tmp_path / "server", encrypted(proxy, ca.file))
        assert f"MongoDB at 127.0.0.1:{proxy.port} can not be reached" in said
        assert proxy.take_commands() == []


def test_without_tls_a_server_that_wants_it_is_out_of_reach(port: int, ca: authority, tmp_path: Path) -> None:
    with wire_proxy(port, ca.context_for("IP:127.0.0.1")) as proxy:
        said = refusal(tmp_path / "server", proxy.uri)
        assert f"MongoDB at 127.0.0.1:{proxy.port} can not be reached" in said


# -- a login


class guarded_database:
    """A proxy that lets in who knows the password, and counts them."""

    def __init__(self, port: int, tls: ssl.SSLContext | None = None) -> None:
        self.logins: list[scram_login] = []
        self.proxy = wire_proxy(port, tls, self._guard)

    def _guard(self) -> answerer:
        self.logins.append(scram_login("ada", PASSWORD))
        return self.logins[-1]

    def uri(self, password: str = QUOTED, user: str = "ada") -> str:
        login = f"mongodb://{user}:{password}@"
        return self.proxy.uri.replace("mongodb://", login) + "?authMechanism=SCRAM-SHA-256&authSource=admin"


def test_a_login_by_scram_sha_256(port: int, new_server: start_server) -> None:
    database = guarded_database(port)
    with database.proxy:
        running = new_server(store_over("mongodb://x/"), variables={"PARLEY_STORE_URI": database.uri()})
        with running.client() as one:
            use(one)
        assert any(one.done for one in database.logins)
        assert database.proxy.take_commands()


def test_a_login_by_scram_over_tls(port: int, ca: authority, new_server: start_server) -> None:
    database = guarded_database(port, ca.context_for("IP:127.0.0.1"))
    with database.proxy:
        uri = f"{database.uri()}&tls=true&tlsCAFile={ca.file}"
        running = new_server(store_over("mongodb://x/"), variables={"PARLEY_STORE_URI": uri})
        with running.client() as one:
            use(one)
        assert any(one.done for one in database.logins)


def test_a_wrong_login_says_what_to_do(port: int, tmp_path: Path) -> None:
    database = guarded_database(port)
    with database.proxy:
        for number, uri in enumerate(
            [database.uri(password="wrong"), database.uri(user="bob"), database.proxy.uri]
        ):
            said = refusal(tmp_path / str(number), uri)
            assert "does not let Parley in: check user, password and authSource" in said
        assert database.proxy.take_commands() == []
        assert not any(one.done for one in database.logins)


# -- whose copy is read


class replica_set:
    """Two members as the driver sees them, both with the data of one server: `primary` and `secondary`."""

    def __init__(self, port: int) -> None:
        self._stack = ExitStack()
        self.primary = self._member(port, True)
        self.secondary = self._member(port, False)

    def _member(self, port: int, is_primary: bool) -> wire_proxy:
        return self._stack.enter_context(wire_proxy(port, None, lambda: nobody, self._introduced(is_primary)))

    def _introduced(self, is_primary: bool) -> Callable[[document], document]:
        def rewrite(reply: document) -> document:
            me = self.primary if is_primary else self.secondary
            return reply | {
                "ismaster": is_primary,
                "isWritablePrimary": is_primary,
                "secondary": not is_primary,
                "setName": "rs0",
                "setVersion": 1,
                "hosts": [f"127.0.0.1:{one.port}" for one in (self.primary, self.secondary)],
                "primary": f"127.0.0.1:{self.primary.port}",
                "me": f"127.0.0.1:{me.port}",
            }

        return rewrite

    def __enter__(self) -> "replica_set":
        return self

    def __exit__(self, *_: Any) -> None:
        self._stack.close()

    def uri(self, preference: str) -> str:
        hosts = f"127.0.0.1:{self.primary.port},127.0.0.1:{self.secondary.port}"
        return f"mongodb://{hosts}/?replicaSet=rs0{preference}"


@pytest.mark.parametrize(
    "preference", ["", "&readPreference=secondary", "&readPreference=secondaryPreferred"]
)
def test_the_read_preference_of_the_uri_goes_onto_the_wire(
    port: int, new_server: start_server, preference: str
) -> None:
    """With it interactions and users are read from the secondary; messages and all that decides never are."""
    with replica_set(port) as members:
        over = {**store_over(members.uri(preference)), "cache": {"kind": "none"}}
        with new_server(over).client() as one:
            talk = one.create_interaction(title="Kept")["interaction_id"]
            one.say(talk, script(["Hello"]))
            members.primary.take_commands()
            members.secondary.take_commands()
            assert one.interaction(talk)["title"] == "Kept"
            assert [i["interaction_id"] for i in one.get(f"{API}/interactions").expect(200)["data"]] == [talk]
            read = members.secondary.take_commands()
            if not preference:
                assert read == []
            else:
                mode = preference.rpartition("=")[2]
                assert {command["$readPreference"]["mode"] for command in read} == {mode}
                asked = {command["find"] for command in read}
                assert {"interactions"} <= asked <= {"interactions", "users"}
            # All else is for the primary.
            one.messages(talk)
            one.note(talk, "more")
            later = members.secondary.take_commands()
            assert {command["find"] for command in later} <= {"interactions", "users"}
            assert members.primary.take_commands()
