"""The commands as an operator meets them: help, version, check-config, and the details of a chat."""

import os
import pty
import re
import select
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml

from .support.client import client, script
from .support.server import BINARY, PATIENCE, ROOT, environment, run_parley, server


def test_help_says_what_it_is_and_how_it_ends() -> None:
    text = run_parley("--help").stdout
    for part in ("parley serve", "parley check-config", "parley chat", "Examples:", "Environment", "Files:"):
        assert part in text
    for code in range(6):
        assert re.search(rf"\b{code}  \w", text), f"exit code {code}"
    for command in ("serve", "check-config"):
        own = run_parley(command, "--help")
        assert own.returncode == 0
        for flag in ("--config", "--host", "--port", "--data"):
            assert flag in own.stdout
    assert "Ctrl-C" in run_parley("chat", "--help").stdout
    assert "PARLEY_TO_STORE_URI" in run_parley("migrate-store", "--help").stdout
    assert "--force" in run_parley("backup", "--help").stdout


def test_without_a_command_help_goes_to_standard_error() -> None:
    done = run_parley()
    assert (done.returncode, done.stdout) == (2, "")
    assert "parley serve" in done.stderr


def test_version_names_what_it_was_built_from() -> None:
    lines = dict(line.split(None, 1) for line in run_parley("--version").stdout.splitlines())
    assert list(lines) == ["parley", "commit", "compiler", "llama.cpp", "SQLite", "Boost"]
    assert re.fullmatch(r"\d+\.\d+\.\d+", lines["parley"])
    assert re.fullmatch(r"[0-9a-f]{12}|unknown", lines["commit"])
    assert re.fullmatch(r"3\.\d+\.\d+", lines["SQLite"])


# -- check-config


def checked(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    variables = {"HOME": "/home/ada", "XDG_DATA_HOME": "", "XDG_CACHE_HOME": "", **variables}
    return run_parley("check-config", *arguments, env={**environment(), **variables})


def test_check_config_shows_what_is_in_force_and_where_it_came_from(tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_text("server:\n  port: 1000\n  threads: 1\nlog: {level: warn}\n", encoding="utf-8")
    variables = {"PARLEY_SERVER_PORT": "2000", "PARLEY_SERVER_THREADS": "2"}
    done = checked("--config", str(file), "--port", "3000", **variables)
    assert done.returncode == 0, done.stderr
    values = yaml.safe_load(done.stdout)
    assert values["server"]["port"] == 3000
    assert values["server"]["threads"] == 2
    assert values["log"]["level"] == "warn"
    assert values["store"]["path"] == "/home/ada/.local/share/parley"
    for value, origin in (
        ("port: 3000", "--port"),
        ("threads: 2", "PARLEY_SERVER_THREADS"),
        ("level: warn", f"{file}:4"),
        ('host: "127.0.0.1"', "default"),
    ):
        assert re.search(rf"^  {re.escape(value)} +# {re.escape(origin)}$", done.stdout, re.MULTILINE), value
    assert "note: models[0].path: there is no file /home/ada/.cache/parley/models/" in done.stderr


def test_what_check_config_prints_is_a_configuration(tmp_path: Path) -> None:
    first = checked("--port", "0", PARLEY_MODELS='[{"name": "a: b # c", "kind": "scripted"}]')
    assert first.returncode == 0, first.stderr
    file = tmp_path / "again.yaml"
    file.write_text(first.stdout, encoding="utf-8")
    second = checked("--config", str(file))
    assert second.returncode == 0, second.stderr
    assert yaml.safe_load(second.stdout) == yaml.safe_load(first.stdout)


def test_the_file_can_be_named_by_a_variable(tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_text("log: {level: warn}\n", encoding="utf-8")
    assert yaml.safe_load(checked(PARLEY_CONFIG=str(file)).stdout)["log"]["level"] == "warn"
    default = ROOT / "configs" / "default.yaml"
    by_flag = checked("--config", str(default), PARLEY_CONFIG=str(file))
    assert yaml.safe_load(by_flag.stdout)["log"]["level"] == "info"


def test_mistakes_are_listed_one_by_line_and_counted(tmp_path: Path) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text("server:\n  prot: 1\n  host: 0.0.0.0\n", encoding="utf-8")
    done = checked("--config", str(file), PARLEY_LOG_LEVL="x")
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.splitlines() == [
        f'{file}:2: server.prot: there is no such key; did you mean "server.port"?',
        "PARLEY_LOG_LEVL: there is no such variable; did you mean PARLEY_LOG_LEVEL?",
        f"{file}:3: server.host: 0.0.0.0 can be reached from other machines, and auth.mode none lets "
        "everybody in who reaches it; listen on 127.0.0.1 or ::1, or set auth.mode to api_key, jwt "
        "or trusted_header",
        "parley: the configuration has 3 mistakes; all keys: parley check-config --markdown",
    ]


def test_flags_are_checked_like_keys() -> None:
    done = checked("--port", "70000", "--host", "example.org")
    assert done.returncode == 3
    assert "--port: server.port: 70000 is out of range; it must be from 0 to 65535" in done.stderr
    assert '--host: server.host: "example.org" is not an IP address' in done.stderr


# -- chat

ROLES = ("user", "assistant")


def chat(one: server, text: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run_parley("chat", *arguments, env={**environment(), "PARLEY_URL": one.base_url}, input=text)


def test_every_line_of_a_pipe_is_asked_in_turn(shared_server: server, api: client) -> None:
    done = chat(shared_server, "one\ntwo\\\nlines\n\n   \nlast")
    assert done.returncode == 0, done.stderr
    found = re.search(r"interaction ([0-9a-f-]{36})", done.stderr)
    assert found
    said = {role: [one["content"] for one in api.messages(found[1]) if one["role"] == role] for role in ROLES}
    assert said["user"] == ["one", "two\nlines", "last"]
    assert done.stdout == "".join(reply + "\n" for reply in said["assistant"])


def test_model_and_prompt_can_be_chosen(shared_server: server, api: client) -> None:
    done = chat(shared_server, "Hi.", "--model", "single", "--system", "Be kind.", "--new")
    assert done.stdout == "[system] Be kind. | [user] Hi.\n"
    found = re.search(r"interaction ([0-9a-f-]{36})", done.stderr)
    assert found
    assert {one["model_name"] for one in api.messages(found[1])} == {None, "single"}
    changed = chat(shared_server, "Again.", "--interaction", found[1], "--system", "Be brief.")
    assert changed.stdout.startswith("[system] Be brief. | ")
    assert "> Hi." in changed.stderr
    assert "[system] Be kind. | [user] Hi." in changed.stderr


def test_nothing_a_model_writes_reaches_the_terminal_raw(shared_server: server) -> None:
    tokens = ["a\x1b[31m", "b\x07\x00", "c\x9b1m", "\rd\n", "\te"]
    done = chat(shared_server, script(tokens))
    assert done.stdout == "a␛[31mb␇␀c\ufffd1md\n\te\n"


def test_a_failed_reply_ends_a_pipe_with_its_sentence(shared_server: server) -> None:
    done = chat(shared_server, script(["some ", "text"], fail_after=1) + "\nnever asked\n")
    assert done.returncode == 1
    assert done.stdout == "some \n"
    assert re.search(r"^parley: \w", done.stderr, re.MULTILINE)


def test_a_line_that_is_no_text_ends_a_pipe(shared_server: server) -> None:
    command = [str(BINARY), "chat", "--url", shared_server.base_url]
    done = subprocess.run(command, input=b"\xff\xfe\nnever asked\n", capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (1, b"")
    assert b"is not valid UTF-8" in done.stderr


def test_a_reply_that_can_not_be_written_is_told(shared_server: server) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [str(BINARY), "chat", "--url", shared_server.base_url],
            input="hello\nnever asked\n",
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert "can not be written" in done.stderr


@pytest.mark.parametrize(
    "asked", [["check-config"], ["check-config", "--markdown"], ["--version"], ["--help"]]
)
def test_an_answer_that_nobody_gets_is_no_success(asked: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [str(BINARY), *asked], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 1
    assert "Standard output can not be written" in done.stderr


def test_refusals_are_told_by_their_sentence(shared_server: server) -> None:
    done = chat(shared_server, "x", "--model", "nobody")
    assert (done.returncode, done.stdout) == (1, "")
    assert "nobody" in done.stderr
    assert "{" not in done.stderr
    wrong = chat(shared_server, "x", "--interaction", "../../users/me")
    assert wrong.returncode == 1
    assert "is not the id of an interaction" in wrong.stderr


@pytest.mark.parametrize("url", ["https://127.0.0.1:1", "127.0.0.1:8080", "ftp://127.0.0.1"])
def test_addresses_that_cannot_be_used(url: str) -> None:
    done = run_parley("chat", "--url", url, input="x")
    assert (done.returncode, done.stdout) == (2, "")
    assert url in done.stderr
    assert ("https is not possible yet" in done.stderr) == url.startswith("https")


def test_somebody_else_at_the_address() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(b"220 mail.example.org ESMTP\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        port = listener.getsockname()[1]
        done = run_parley("chat", "--url", f"http://127.0.0.1:{port}", input="x")
        thread.join()
    assert (done.returncode, done.stdout) == (1, "")
    assert "parley: The connection broke off" in done.stderr


class terminal:
    """A chat in a terminal of its own; Ctrl-C is typed."""

    def __init__(self, url: str, *arguments: str, **variables: str) -> None:
        self.seen = ""
        pid, self._tty = pty.fork()
        if pid == 0:
            variables = {**environment(), "PARLEY_URL": url, "TERM": "xterm", **variables}
            os.execve(BINARY, [str(BINARY), "chat", *arguments], variables)
        self._pid = pid
        self._ended = False

    def type(self, text: str) -> None:
        os.write(self._tty, text.encode())

    def sees(self, text: str) -> None:
        """Waits until it stands on the screen behind what was waited for before."""
        deadline = time.monotonic() + PATIENCE
        while text not in self.seen:
            ready, _, _ = select.select([self._tty], [], [], max(0.0, deadline - time.monotonic()))
            assert ready, f"{text!r} does not come; on the screen: {self.seen!r}"
            try:
                self.seen += os.read(self._tty, 65536).decode("utf-8", "replace")
            except OSError:
                pytest.fail(f"the chat ended before {text!r} came; on the screen: {self.seen!r}")
        self.seen = self.seen.split(text, 1)[1]

    def exit_code(self) -> int:
        _, status = os.waitpid(self._pid, 0)
        self._ended = True
        return os.waitstatus_to_exitcode(status)

    def close(self) -> None:
        if not self._ended:
            os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)
        os.close(self._tty)


start_terminal = Callable[..., terminal]


@pytest.fixture
def new_terminal(shared_server: server) -> Iterator[start_terminal]:
    opened: list[terminal] = []

    def start(*arguments: str, url: str = "", **variables: str) -> terminal:
        opened.append(terminal(url or shared_server.base_url, *arguments, **variables))
        return opened[-1]

    yield start
    for one in opened:
        one.close()


def test_ctrl_c_at_the_prompt_leaves(new_terminal: start_terminal) -> None:
    one = new_terminal()
    one.sees("> ")
    one.type("half a li\x03")
    one.sees("Go on with: parley chat --interaction ")
    assert one.exit_code() == 0


def test_ctrl_c_during_a_reply_stops_it_and_stays(new_terminal: start_terminal, api: client) -> None:
    one = new_terminal()
    one.sees("interaction ")
    one.sees("> ")
    one.type(script(["for ", "ever"], wait_for_stop=True) + "\n")
    one.sees("\r\nfor ever")
    one.type("\x03")
    one.sees("(stopped)")
    one.sees("> ")
    one.type("and now?\n")
    one.sees("[user] and now?")
    one.sees("> ")
    one.type("\x04")
    one.sees("parley chat --interaction ")
    assert one.exit_code() == 0
    interaction_id = one.seen.strip()[:36]
    replies = [m["status"] for m in api.messages(interaction_id) if m["role"] == "assistant"]
    assert sorted(replies) == ["complete", "stopped"]


def test_ctrl_c_leaves_a_server_that_never_answers(new_terminal: start_terminal) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        one = new_terminal(url=f"http://127.0.0.1:{silent.getsockname()[1]}")
        connection, _ = silent.accept()
        with connection:
            assert connection.recv(65536).startswith(b"POST /api/v1/interactions ")
            one.type("\x03")
            assert one.exit_code() == 0


def test_a_refusal_in_a_terminal_is_told_and_the_chat_goes_on(new_terminal: start_terminal) -> None:
    one = new_terminal("--model", "nobody")
    one.sees("> ")
    one.type("x\n")
    one.sees("parley: ")
    one.sees("> ")
    one.type("\x04")
    assert one.exit_code() == 0


def test_colours_only_where_they_are_wanted(new_terminal: start_terminal, shared_server: server) -> None:
    one = new_terminal()
    one.sees("\x1b[")
    for variables in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
        plain = new_terminal(**variables)
        plain.sees("interaction ")
        plain.type("\x04")
        plain.sees("Go on with")
        assert "\x1b" not in plain.seen
    assert "\x1b" not in chat(shared_server, "x").stderr


def test_a_server_that_goes_away_in_the_middle_of_a_reply(
    new_server: Callable[..., server], new_terminal: start_terminal
) -> None:
    own = new_server()
    one = new_terminal(url=own.base_url)
    one.sees("> ")
    one.type(script(["for ", "ever"], wait_for_stop=True) + "\n")
    one.sees("\r\nfor ever")
    own.kill()
    one.sees("the server may still be writing the reply")
    one.sees("parley: ")
    one.sees("> ")
    one.type("again\n")
    one.sees("No Parley server answers")
    own.start()
    one.sees("> ")
    one.type("\x04")
    assert one.exit_code() == 0
