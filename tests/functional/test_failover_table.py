"""Two servers behind one route, each of them doing anything that servers do, through the real program.

What must come of a pair follows from a few facts about each conduct and from "kind: route" in docs/models.md.
Every pair has a route and two targets of its own, so that neither a breaker nor a Retry-After of one pair is
felt by another; every conduct has a pool of connections of its own, because a kept one that turns out to be
closed is no attempt.
"""

import re
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest

from .conftest import start_server
from .support.client import client, messages_path
from .support.conducts import CONDUCTS, LONG, THOUGHT, by_name, conduct, words
from .support.events import check_turn
from .support.server import SANITIZED, server
from .support.upstream import behaviour, hangs, refuses, says, upstream_server
from .support.waiting import wait_until

AT_ONCE = 24  # turns: enough that the silences do not add up
PLEASE = "Answer this, whoever you are."


@dataclass(frozen=True)
class pair:
    a: conduct
    b: conduct

    @property
    def name(self) -> str:
        """Of its route, and of its test."""
        return f"{self.a.name}+{self.b.name}"

    def targets(self) -> tuple[tuple[str, conduct], tuple[str, conduct]]:
        return (f"{self.name}/a", self.a), (f"{self.name}/b", self.b)


@dataclass(frozen=True)
class expectation:
    """Of one turn."""

    asked: list[tuple[str, conduct]]
    outcomes: list[tuple[str, str]]
    speaks: tuple[str, conduct]  # whose words and end the reply has
    failovers: dict[tuple[str, str], float]  # by target and reason

    @property
    def requests(self) -> list[tuple[str, str]]:
        """Which server got one, for which target."""
        sides = zip("ab", self.asked, strict=False)
        return [(side, target) for side, (target, one) in sides if one.does is not None]


def in_turn(of: pair) -> expectation:
    """The second is asked when the first has failed, and its end is the reply's: nobody is left to ask."""
    a, b = of.targets()
    asked = [a, b] if of.a.passes_on else [a]
    outcomes = [(target, one.outcome) for target, one in asked]
    failovers = {(a[0], of.a.outcome): 1.0} if of.a.passes_on else {}
    return expectation(asked, outcomes, asked[-1], failovers)


def beside_a_silent_one(of: pair) -> expectation:
    """Who speaks first is read on, the other one is stopped. When nobody speaks, the reply has the failure of
    the one that failed last; but one after which nobody else is asked stands."""
    a, b = of.targets()
    heard = of.b.is_seen
    stands = heard or not of.b.passes_on
    outcomes = [(a[0], "cancelled" if heard else of.a.outcome), (b[0], of.b.outcome)]
    return expectation([a, b], outcomes, b if stands else a, {})


ALL = [pair(a, b) for a in CONDUCTS for b in CONDUCTS]
if SANITIZED:  # slow: each conduct is still met on both sides
    ALL = ALL[::5]


def with_a_silent_one(b: conduct) -> pair:
    """It is silent until it is stopped, or for long after the second has failed."""
    silent = replace(by_name("no-token"), name="silent", patience_ms=LONG if b.is_seen else 3_000)
    return pair(silent, b)


HEDGED = [with_a_silent_one(b) for b in CONDUCTS]


@dataclass(frozen=True)
class told:
    reply: dict[str, Any]  # as the stream ended
    text: str  # what a reader of the stream has seen
    thoughts: str
    stored: dict[str, Any]


@dataclass(frozen=True)
class played:
    """What came of all pairs; the program has ended, so that nobody is asked any more."""

    turns: dict[str, Future[told]]
    mocks: tuple[upstream_server, upstream_server]
    failovers: dict[str, dict[tuple[str, str], float]]  # by route

    def requests(self, of: pair) -> list[tuple[str, str, Any]]:
        """Which server got one, for which target, and what it was."""
        return [
            (side, one.body["model"], one.body)
            for side, mock in zip("ab", self.mocks, strict=True)
            for one in list(mock.asked)
            if one.body["model"].startswith(f"{of.name}/")
        ]


def configuration(pairs: list[pair], urls: dict[str, str], nobody: str, **route: Any) -> dict[str, Any]:
    upstreams: dict[str, dict[str, Any]] = {}
    models: list[dict[str, Any]] = []
    for one in pairs:
        targets = one.targets()
        names = [target for target, _ in targets]
        models.append({"name": one.name, "kind": "route", "targets": names, **route})
        for side, (target, does) in zip("ab", targets, strict=True):
            upstream = f"{side}:{does.name}:{does.patience_ms}"
            models.append({"name": target, "kind": "upstream", "upstream": upstream})
            upstreams[upstream] = {
                "name": upstream,
                "base_url": nobody if does.does is None else urls[side],
                "first_token_timeout": f"{does.patience_ms}ms",
            }
    return {"upstreams": list(upstreams.values()), "models": models}


def take_turn(api: client, route: str) -> told:
    talk = api.create_interaction(settings={"model_name": route})["interaction_id"]
    with api.stream("POST", messages_path(talk), {"content": PLEASE, "stream": True}) as stream:
        events = stream.rest()
    thoughts = "".join(one.data["delta"] for one in events if one.name == "message.reasoning")
    turn = check_turn([one for one in events if one.name != "message.reasoning"])
    stored = api.get(messages_path(talk, turn.reply["message_id"])).expect(200)
    return told(turn.reply, turn.text, thoughts, stored)


def play(folder: Path, pairs: list[pair], **route: Any) -> played:
    with ExitStack() as life:
        a, b = (life.enter_context(upstream_server()) for _ in "ab")
        for one in pairs:
            for mock, (target, does) in zip((a, b), one.targets(), strict=True):
                if does.does is not None:
                    mock.by_model[target] = does.does(words(target))
        # Bound, so that nobody else gets the port; it does not listen.
        nobody = life.enter_context(socket.socket())
        nobody.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{nobody.getsockname()[1]}/v1"
        config = configuration(pairs, {"a": a.base_url, "b": b.base_url}, url, **route)
        running = life.enter_context(server(folder, config))
        idle: SimpleQueue[client] = SimpleQueue()
        for _ in range(AT_ONCE):
            idle.put(life.enter_context(running.client()))

        def turn(route: str) -> told:
            api = idle.get()
            try:
                return take_turn(api, route)
            finally:
                idle.put(api)

        with ThreadPoolExecutor(AT_ONCE) as pool:
            turns = {one.name: pool.submit(turn, one.name) for one in pairs}
        failovers = failovers_of(idle.get().request("GET", "/metrics").text)
        return played(turns, (a, b), failovers)


def failovers_of(metrics: str) -> dict[str, dict[tuple[str, str], float]]:
    found: dict[str, dict[tuple[str, str], float]] = {}
    line = r'^parley_failovers_total\{reason="(.*)",route="(.*)",target="(.*)"\} (\S+)$'
    for reason, route, target, count in re.findall(line, metrics, re.MULTILINE):
        found.setdefault(route, {})[target, reason] = float(count)
    return found


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> played:
    return play(tmp_path_factory.mktemp("table"), ALL)


@pytest.fixture(scope="module")
def hedged_table(tmp_path_factory: pytest.TempPathFactory) -> played:
    return play(tmp_path_factory.mktemp("hedged"), HEDGED, hedge_after="50ms")


def check(of: pair, want: expectation, seen: played) -> None:
    turn = seen.turns[of.name].result()
    reply = turn.reply
    speaker, does = want.speaks
    text = "".join(words(speaker)[: does.says])
    well = does.outcome == "ok"

    assert [(one["target"], one["outcome"]) for one in reply["attempts"]] == want.outcomes
    for attempt, (_, one) in zip(reply["attempts"], want.asked, strict=True):
        assert (attempt["message"] is None) == (attempt["outcome"] in ("ok", "cancelled")), attempt
        if attempt["outcome"] == "upstream_timeout" and one.patience_ms < LONG:
            assert attempt["duration_ms"] >= one.patience_ms
    assert reply["model_name"] == of.name
    assert (reply["status"], reply["content"], turn.text) == ("complete" if well else "failed", text, text)
    assert (reply["reasoning"] or "") == turn.thoughts == (THOUGHT if does.thinks else "")
    assert reply["finish_reason"] == ("stop" if well else None)
    assert (reply["error"] or {}).get("code") == (None if well else does.outcome)
    if not well:
        why = {attempt["target"]: attempt["message"] for attempt in reply["attempts"]}
        assert reply["error"]["message"] == why[speaker]
    assert turn.stored == reply

    # A request that was given up may still be on its way through the test's own threads.
    wait_until(lambda: len(seen.requests(of)) >= len(want.requests), "all requests have come")
    requests = seen.requests(of)
    assert [(mock, target) for mock, target, _ in requests] == want.requests
    for _, _, body in requests:
        assert body["messages"] == [{"role": "user", "content": PLEASE}]


@pytest.mark.parametrize("of", ALL, ids=lambda of: of.name)
def test_a_pair_of_targets(of: pair, table: played) -> None:
    want = in_turn(of)
    check(of, want, table)
    assert table.failovers.get(of.name, {}) == want.failovers


@pytest.mark.parametrize("of", HEDGED, ids=lambda of: of.name)
def test_a_second_target_beside_a_silent_one(of: pair, hedged_table: played) -> None:
    check(of, beside_a_silent_one(of), hedged_table)


def pair_of(a: upstream_server, b: upstream_server, hedge_after: str = "0ms", **each: Any) -> dict[str, Any]:
    """The configuration of one route over these two."""
    models: list[dict[str, Any]] = [
        {"name": name, "kind": "upstream", "upstream": name, **each} for name in ("a", "b")
    ]
    route = {"name": "route", "kind": "route", "targets": ["a", "b"], "hedge_after": hedge_after}
    upstreams = [{"name": name, "base_url": one.base_url} for name, one in (("a", a), ("b", b))]
    return {"upstreams": upstreams, "models": [route, *models]}


def outcomes(reply: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one["target"], one["outcome"]) for one in reply["attempts"]]


@pytest.fixture
def both() -> Iterator[tuple[upstream_server, upstream_server]]:
    with upstream_server() as a, upstream_server() as b:
        yield a, b


@pytest.mark.parametrize("broken", ["500", "hangs-up", "html", "error-first"])
def test_a_pair_that_was_broken_is_asked_again_at_once(
    broken: str, both: tuple[upstream_server, upstream_server], new_server: start_server
) -> None:
    a, b = both
    does, why = by_name(broken).does, by_name(broken).outcome
    assert does is not None
    a.otherwise = b.otherwise = does(words("nobody"))
    with new_server(pair_of(a, b)).client() as api:
        talk = api.create_interaction()["interaction_id"]
        failed = api.say(talk, PLEASE)
        assert (failed["status"], failed["error"]["code"], failed["content"]) == ("failed", why, "")
        assert outcomes(failed) == [("a", why), ("b", why)]
        a.otherwise = says("mended")
        reply = api.say(talk, "And now?")
        assert (reply["status"], reply["content"], reply["error"]) == ("complete", "mended", None)
        assert outcomes(reply) == [("a", "ok")]
        assert [one for one in api.messages(talk) if one["role"] == "assistant"] == [failed, reply]
    assert (len(a.asked), len(b.asked)) == (2, 1)


def test_a_pair_that_is_left_alone_recovers(
    both: tuple[upstream_server, upstream_server], new_server: start_server
) -> None:
    a, b = both
    a.otherwise = b.otherwise = refuses(503)
    config = pair_of(a, b, breaker_failures=1, breaker_open="500ms")
    with new_server(config).client() as api:
        talk = api.create_interaction()["interaction_id"]
        assert outcomes(api.say(talk, PLEASE)) == [("a", "upstream_failed"), ("b", "upstream_failed")]
        a.otherwise = says("mended")
        replies: list[dict[str, Any]] = []

        def recovers() -> bool:
            replies.append(api.say(talk, "And now?"))
            return bool(replies[-1]["status"] == "complete")

        wait_until(recovers, "the first target is tried again")
        for one in replies[:-1]:
            assert (one["status"], one["error"]["code"]) == ("failed", "targets_unavailable")
            assert outcomes(one) == [("a", "skipped"), ("b", "skipped")]
        assert outcomes(replies[-1]) == [("a", "ok")]
        assert replies[-1]["content"] == "mended"
    assert (len(a.asked), len(b.asked)) == (2, 1)


@pytest.mark.parametrize("faster", ["a", "b"])
def test_the_slower_of_two_is_stopped(
    faster: str, both: tuple[upstream_server, upstream_server], new_server: start_server
) -> None:
    mocks = dict(zip("ab", both, strict=True))
    slower = "b" if faster == "a" else "a"
    slower_is_asked = threading.Event()

    def quick(words: str) -> behaviour:
        def answer(to: Any) -> None:
            slower_is_asked.wait(30)
            says(words)(to)

        return answer

    def slow(to: Any) -> None:
        slower_is_asked.set()
        hangs()(to)

    mocks[faster].otherwise = quick("first")
    mocks[slower].otherwise = slow
    with new_server(pair_of(*both, hedge_after="50ms")).client() as api:
        reply = api.say(api.create_interaction()["interaction_id"], PLEASE)
        assert (reply["status"], reply["content"]) == ("complete", "first")
        assert dict(outcomes(reply)) == {faster: "ok", slower: "cancelled"}
        wait_until(lambda: mocks[slower].left == [slower], "its connection is closed")
    assert (len(mocks["a"].asked), len(mocks["b"].asked)) == (1, 1)
