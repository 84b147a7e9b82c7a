"""Waiting for a condition, with a deadline; never for a time."""

import threading
import time
from collections.abc import Callable


def wait_until(condition: Callable[[], bool], what: str, seconds: float = 20.0) -> None:
    """Looks again and again until `condition` holds; fails with `what` after `seconds`."""
    deadline = time.monotonic() + seconds
    pause = threading.Event()
    while not condition():
        assert time.monotonic() < deadline, f"after {seconds} s still not: {what}"
        pause.wait(0.01)
