"""What a server of models may do when it is asked, and what must come of it.

The facts are those of docs/models.md, "What is tried again", not of the program.
"""

from collections.abc import Callable
from dataclasses import dataclass

from .upstream import (
    behaviour,
    breaks_off,
    delta,
    hangs,
    hangs_up,
    refuses,
    says,
    sends,
    stays_silent,
    streams,
)

THOUGHT = "Let me think."
LONG = 60_000  # milliseconds: longer than any test has to wait

# The codes with a yes in the column "another target".
ASKS_ANOTHER = {
    "upstream_unreachable",
    "upstream_failed",
    "upstream_timeout",
    "upstream_rate_limited",
    "upstream_invalid_answer",
}


def words(target: str) -> tuple[str, str]:
    return f"{target} says ", "all of this."


@dataclass(frozen=True)
class conduct:
    name: str
    does: Callable[[tuple[str, str]], behaviour] | None  # with its words; none: nobody listens
    outcome: str = "ok"
    says: int = 0  # how many of its words, before it ends
    thinks: bool = False
    patience_ms: int = LONG  # first_token_timeout; short only where nothing ever comes

    @property
    def is_seen(self) -> bool:
        return self.says > 0 or self.thinks

    @property
    def passes_on(self) -> bool:
        """Before the first token only: what a reader has seen is never taken back."""
        return not self.is_seen and self.outcome in ASKS_ANOTHER


def _answers(status: int, outcome: str) -> conduct:
    return conduct(str(status), lambda _: refuses(status, "out of order"), outcome)


def _redirects(to_itself: tuple[str, str]) -> behaviour:
    """Who follows asks twice."""
    return lambda to: to.json(307, {}, {"Location": f"{to.server.base_url}/chat/completions"})


_error = {"error": {"message": "out of order", "type": "server_error", "code": None}}
_too_long = {"error": {"message": "too long", "type": "x", "code": "context_length_exceeded"}}
_page = "<!doctype html><title>Sign in</title>"

CONDUCTS = [
    conduct("good", lambda words: says(*words), says=2),
    conduct("closed-port", None, "upstream_unreachable"),
    conduct("hangs-up", lambda _: hangs_up, "upstream_unreachable"),
    _answers(500, "upstream_failed"),
    _answers(503, "upstream_failed"),
    _answers(408, "upstream_timeout"),
    _answers(429, "upstream_rate_limited"),
    conduct("429-retry-after", lambda _: refuses(429, "no", {"Retry-After": "300"}), "upstream_rate_limited"),
    _answers(400, "upstream_refused"),
    _answers(401, "upstream_refused"),
    conduct("too-long", lambda _: lambda to: to.json(400, _too_long), "context_length_exceeded"),
    conduct("redirect", _redirects, "upstream_refused"),
    conduct("error-in-200", lambda _: lambda to: to.json(200, _error), "upstream_failed"),
    conduct("html", lambda _: sends(200, "text/html", _page), "upstream_invalid_answer"),
    conduct("no-header", lambda _: stays_silent, "upstream_timeout", patience_ms=200),
    conduct("no-token", lambda _: hangs(), "upstream_timeout", patience_ms=200),
    conduct("error-first", lambda _: streams(_error), "upstream_failed"),
    conduct("empty-stream", lambda _: streams(), "upstream_invalid_answer"),
    conduct("role-and-end", lambda _: streams(delta(role="assistant", content="")), "upstream_failed"),
    conduct(
        "breaks-after-thought",
        lambda _: streams(delta(reasoning_content=THOUGHT)),
        "upstream_failed",
        thinks=True,
    ),
    conduct("breaks-after-token", lambda words: breaks_off(words[0]), "upstream_failed", says=1),
    conduct(
        "error-after-token", lambda words: streams(delta(content=words[0]), _error), "upstream_failed", says=1
    ),
]


def by_name(name: str) -> conduct:
    return next(one for one in CONDUCTS if one.name == name)
