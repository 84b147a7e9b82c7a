"""Fixtures: a server for everybody, and one for who needs his own."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from .support.client import client
from .support.mongo import REAL, mongo_server, store_over
from .support.redis import redis_server
from .support.server import BINARY, server

os.environ["MONGOC_DISABLE_SHM"] = "1"  # see tools/dev/test.sh

full = os.environ.get("PARLEY_TEST_FULL") == "1"

start_server = Callable[..., server]

# Their tests run once on every store.
ON_EVERY_STORE = {
    "test_branches",
    "test_busy",
    "test_idempotency",
    "test_interactions",
    "test_lists",
    "test_messages",
    "test_stop",
    "test_streams",
    "test_tools",
    "test_turns",
    "test_usage",
}


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "real_model: needs the default model (PARLEY_TEST_MODEL)")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if os.environ.get("PARLEY_TEST_MODEL"):
        return
    for item in items:
        if item.get_closest_marker("real_model"):
            item.add_marker(pytest.mark.skip(reason="PARLEY_TEST_MODEL is not set"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "shared_server" in metafunc.fixturenames:
        on_every = metafunc.module.__name__.rsplit(".", 1)[-1] in ON_EVERY_STORE
        stores = ["sqlite", "mongodb"] if on_every else ["sqlite"]
        metafunc.parametrize("shared_server", stores, indirect=True, scope="session")


@pytest.fixture(scope="session", autouse=True)
def binary() -> Path:
    assert BINARY.exists(), f"{BINARY} does not exist: ./dev build"
    return BINARY


@pytest.fixture(scope="session")
def shared_mongo_uri(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if REAL is not None:
        yield REAL
        return
    with mongo_server(tmp_path_factory.mktemp("mongo") / "mongo.h2") as one:
        yield one.uri


@pytest.fixture
def mongo(tmp_path: Path) -> Iterator[mongo_server]:
    """A database of the test's own, which it may stop and kill."""
    if REAL is not None:
        pytest.skip("PARLEY_TEST_MONGODB_URI names a database that no test may kill or stop")
    with mongo_server(tmp_path / "mongo.h2") as one:
        yield one


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[redis_server]:
    with redis_server(tmp_path / "redis") as one:
        yield one


@pytest.fixture(scope="session")
def shared_server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[server]:
    """For tests that leave others in peace: each makes its own interactions and looks only at those."""
    models: list[dict[str, Any]] = [
        {"name": "scripted", "kind": "scripted", "parallel": 64, "max_waiting": 64},
        {"name": "small", "kind": "scripted", "context_window": 64},
        {"name": "single", "kind": "scripted", "parallel": 1, "max_waiting": 1},
    ]
    store = {}
    if request.param == "mongodb":
        store = store_over(request.getfixturevalue("shared_mongo_uri"))
    with server(tmp_path_factory.mktemp("shared"), {"models": models, **store}) as one:
        yield one


@pytest.fixture
def api(shared_server: server) -> Iterator[client]:
    with shared_server.client() as one:
        yield one


@pytest.fixture
def new_server(tmp_path: Path) -> Iterator[Callable[..., server]]:
    """Starts servers of the test's own; they end with the test, and well."""
    running: list[server] = []

    def start(over: dict[str, Any] | None = None, name: str = "server", **options: Any) -> server:
        one = server(tmp_path / name, over, **options)
        running.append(one)
        one.start()
        return one

    try:
        yield start
        for one in running:
            one.stop()
    finally:
        for one in running:
            if one._process is not None:
                one.kill()
            print(f"--- log of {one.folder} ---\n{one.log_text()[-20000:]}")
