"""parley chat: a conversation from the terminal."""

import os
import pty
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from .support.client import client, script
from .support.server import BINARY, PATIENCE, environment, run_parley, server
from .support.waiting import wait_until


def chat(one: server, text: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run_parley("chat", *arguments, env={**environment(), "PARLEY_URL": one.base_url}, input=text)


def test_one_question_one_answer(shared_server: server) -> None:
    done = chat(shared_server, "Say hello.")
    assert (done.returncode, done.stdout.strip()) == (0, "[user] Say hello.")


def test_an_old_interaction_goes_on(shared_server: server, api: client) -> None:
    interaction_id = api.create_interaction(settings={"prompt": "Be brief."})["interaction_id"]
    first = chat(shared_server, "Hello.", "--interaction", interaction_id)
    assert first.stdout.strip() == "[system] Be brief. | [user] Hello."
    second = chat(shared_server, "Again.", "--interaction", interaction_id)
    assert second.stdout.strip().endswith(" | [user] Again.")
    assert len(api.messages(interaction_id)) == 4


def test_what_cannot_work_is_told(shared_server: server) -> None:
    unknown = chat(shared_server, "x", "--interaction", "0192f0c1-7b4e-7c7e-9d2b-2f6d5f0f3a10")
    assert (unknown.returncode, unknown.stdout) == (1, "")
    assert unknown.stderr.strip()
    nobody = run_parley("chat", env={**environment(), "PARLEY_URL": "http://127.0.0.1:9"}, input="x")
    assert nobody.returncode == 4
    assert "127.0.0.1:9" in nobody.stderr


@contextmanager
def terminal(one: server, *arguments: str) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """The chat in a terminal of its own, and our end of it."""
    ours, its = pty.openpty()
    try:
        process = subprocess.Popen(
            [str(BINARY), "chat", *arguments],
            stdin=its,
            stdout=its,
            stderr=its,
            env={**environment(), "PARLEY_URL": one.base_url, "TERM": "xterm"},
            start_new_session=True,
        )
        os.close(its)
        os.set_blocking(ours, False)
        yield process, ours
    finally:
        process.kill()
        process.wait(PATIENCE)
        os.close(ours)


@pytest.mark.timeout(120)
def test_ctrl_c_ends_the_reply_and_not_the_chat(shared_server: server, api: client) -> None:
    interaction_id = api.create_interaction()["interaction_id"]
    with terminal(shared_server, "--interaction", interaction_id) as (process, tty):
        seen = ""

        def sees(text: str) -> bool:
            nonlocal seen
            with suppress(BlockingIOError):
                seen += os.read(tty, 65536).decode("utf-8", "replace")
            return text in seen

        os.write(tty, (script(["for ", "ev", "er and ever"], wait_for_stop=True) + "\n").encode())
        wait_until(lambda: sees("for ever and ever"), "the reply is shown")
        process.send_signal(signal.SIGINT)
        wait_until(
            lambda: sees("") and api.messages(interaction_id)[-1]["status"] == "stopped", "it is stopped"
        )
        os.write(tty, b"still here\n")
        wait_until(lambda: sees("| [user] still here"), "the chat goes on")
        os.write(tty, b"\x04")
        assert process.wait(PATIENCE) == 0
    assert len(api.messages(interaction_id)) == 4
