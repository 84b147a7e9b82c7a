"""What the real program does when its Redis is gone, stopped, cut off, slow, emptied or old."""

import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from .conftest import start_server
from .support.cache import HITS, TIMEOUT, cache_state, rename, with_redis
from .support.client import client
from .support.fault_proxy import fault_proxy
from .support.redis import redis_server
from .support.server import PATIENCE, server
from .support.waiting import wait_until
from .test_operations import exposition

BYPASSED = 'parley_cache_lookups_total{kind="interaction",outcome="bypass"}'
# Seconds that a read may take: the timeout of one command for who finds out, and some for the machine.
LONGEST = TIMEOUT + 5.0

FAULTS: dict[
    str, tuple[Callable[[redis_server, fault_proxy], None], Callable[[redis_server], None] | None]
] = {
    "killed": (lambda redis, _: redis.kill(), lambda redis: redis.start()),
    "stopped": (lambda redis, _: redis.signal(signal.SIGSTOP), lambda redis: redis.signal(signal.SIGCONT)),
    "refuse": (lambda _, proxy: proxy.refuse(), None),
    "black_hole": (lambda _, proxy: proxy.black_hole(), None),
    "too_slow": (lambda _, proxy: proxy.slow(2 * TIMEOUT), None),
}


@pytest.fixture
def proxy(redis: redis_server) -> Iterator[fault_proxy]:
    with fault_proxy(redis.port) as one:
        yield one


@pytest.fixture
def running(redis: redis_server, proxy: fault_proxy, new_server: start_server) -> server:
    return new_server(with_redis(redis, proxy.port))


def expect_used(api: client) -> None:
    """The cache answers again, and what it answers is right."""
    wait_until(lambda: cache_state(api) == "ok", "the cache is taken up again", PATIENCE)
    assert exposition(api)["parley_cache_up"] == 1
    fresh = api.create_interaction(title="new")["interaction_id"]
    before = exposition(api)[HITS]
    for _ in range(3):
        assert api.interaction(fresh)["title"] == "new"
    assert exposition(api)[HITS] > before


def rename_and_read(api: client, interaction_id: str) -> None:
    for number in range(1, 31):
        rename(api, interaction_id, str(number))
        assert api.interaction(interaction_id)["title"] == str(number)


@pytest.mark.parametrize("fault", FAULTS)
def test_redis_fails_and_comes_back(
    redis: redis_server, proxy: fault_proxy, running: server, fault: str
) -> None:
    strike, mend = FAULTS[fault]
    with running.client() as api:
        interaction_id = api.create_interaction(title="0")["interaction_id"]
        for _ in range(2):
            assert api.interaction(interaction_id)["title"] == "0"
        begun = time.monotonic()
        rename_and_read(api, interaction_id)
        usual = time.monotonic() - begun
        strike(redis, proxy)
        wait_until(lambda: cache_state(api) == "unavailable", "the loss is noticed", PATIENCE)
        assert exposition(api)["parley_cache_up"] == 0
        bypassed = exposition(api).get(BYPASSED, 0)
        begun = time.monotonic()
        rename_and_read(api, interaction_id)
        # 60 requests; 30 timeouts alone would be 45 s.
        assert time.monotonic() - begun < usual + 6, "nobody waits for what is known to be down"
        assert exposition(api).get(BYPASSED, 0) >= bypassed + 30
        proxy.heal()
        if mend is not None:
            mend(redis)
        expect_used(api)
        assert api.interaction(interaction_id)["title"] == "30"


@pytest.mark.parametrize("fault", ["stopped", "black_hole"])
def test_reads_go_on_in_bounded_time_when_redis_falls_silent(
    redis: redis_server, proxy: fault_proxy, running: server, fault: str
) -> None:
    """Readers are at it when it happens; none waits longer than one timeout, none is told a wrong title."""
    strike, mend = FAULTS[fault]
    over = threading.Event()
    with running.client() as api:
        interaction_id = api.create_interaction(title="kept")["interaction_id"]
        assert api.interaction(interaction_id)["title"] == "kept"

        def read() -> list[float]:
            took: list[float] = []
            with running.client() as mine:
                while not over.is_set():
                    begun = time.monotonic()
                    assert mine.interaction(interaction_id)["title"] == "kept"
                    took.append(time.monotonic() - begun)
            return took

        with ThreadPoolExecutor(4) as pool:
            readers = [pool.submit(read) for _ in range(4)]
            try:
                before = exposition(api)[HITS]
                wait_until(lambda: exposition(api)[HITS] > before + 20, "reading goes well", PATIENCE)
                strike(redis, proxy)
                wait_until(lambda: cache_state(api) == "unavailable", "the loss is noticed", PATIENCE)
                before = exposition(api).get(BYPASSED, 0)
                wait_until(
                    lambda: exposition(api).get(BYPASSED, 0) > before + 20, "reading goes on", PATIENCE
                )
                proxy.heal()
                if mend is not None:
                    mend(redis)
                wait_until(lambda: cache_state(api) == "ok", "it is taken up again", PATIENCE)
                before = exposition(api)[HITS]
                wait_until(lambda: exposition(api)[HITS] > before + 20, "it answers again", PATIENCE)
            finally:
                over.set()
            assert max(time for reader in readers for time in reader.result(PATIENCE)) < LONGEST
        expect_used(api)


# Of each exchange with Redis: a lookup, an invalidation, a fill. Each is one of these commands.
@pytest.mark.parametrize("word", [b"GET\r\n", b"DEL\r\n", b"EVAL\r\n"])
def test_replies_of_redis_lost_after_they_were_carried_out(
    proxy: fault_proxy, running: server, word: bytes
) -> None:
    with running.client() as api:
        for number in range(1, 6):
            # One that was changed while Redis was away is read past it for an entry's lifetime.
            interaction_id = api.create_interaction(title="0")["interaction_id"]
            proxy.lose_reply(word)
            rename(api, interaction_id, str(number))
            for _ in range(3):
                assert api.interaction(interaction_id)["title"] == str(number)
            wait_until(lambda: proxy.replies_lost == number, "a reply was lost", PATIENCE)  # noqa: B023
            assert api.interaction(interaction_id)["title"] == str(number)
            expect_used(api)


def test_a_flushed_redis_is_filled_again(redis: redis_server, running: server) -> None:
    with running.client() as api:
        interaction_id = api.create_interaction(title="0")["interaction_id"]
        for number in range(1, 6):
            assert api.interaction(interaction_id)["title"] == str(number - 1)
            assert redis.ask("FLUSHALL") == "+OK"
            rename(api, interaction_id, str(number))
            assert redis.ask("FLUSHALL") == "+OK"
            assert api.interaction(interaction_id)["title"] == str(number)
            assert cache_state(api) == "ok"
        expect_used(api)
        assert int(redis.ask("DBSIZE").removeprefix(":")) >= 1


def test_a_redis_from_an_old_snapshot_tells_nothing_old(redis: redis_server, running: server) -> None:
    with running.client() as api:
        interaction_id = api.create_interaction(title="old")["interaction_id"]
        for _ in range(2):
            assert api.interaction(interaction_id)["title"] == "old"
        assert redis.ask("SAVE") == "+OK"
        kept = redis.ask("DBSIZE")
        assert kept != ":0"
        rename(api, interaction_id, "new")
        redis.kill()
        redis.start()
        # One more for a moment, while the server tries whether it may write.
        wait_until(lambda: redis.ask("DBSIZE") == kept, "the old entries are back")
        for _ in range(3):
            assert api.interaction(interaction_id)["title"] == "new"
        wait_until(lambda: cache_state(api) == "ok", "it is taken up again", PATIENCE)
        for _ in range(3):
            assert api.interaction(interaction_id)["title"] == "new"
        expect_used(api)
