"""`parley health`, which health checks run: 0 when the server can serve, else 1 and a line that says why."""

import socket
import threading
import time

import pytest

from .conftest import start_server
from .support.server import environment, run_parley, server


def test_a_ready_server_is_told_with_its_parts(shared_server: server) -> None:
    done = run_parley("health", "--url", shared_server.base_url)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith('ready: {"status":"ready"')
    assert done.stdout.count("\n") == 1


def test_the_address_can_come_from_the_environment(shared_server: server) -> None:
    done = run_parley("health", env={**environment(), "PARLEY_URL": shared_server.base_url})
    assert done.returncode == 0, done.stderr


def test_nobody_there_and_then_somebody(new_server: start_server) -> None:
    one = new_server()
    url = one.base_url
    one.stop()
    gone = run_parley("health", "--url", url)
    assert (gone.returncode, gone.stdout) == (1, "")
    assert gone.stderr.startswith(f"parley: No Parley server answers at {url} (")
    assert gone.stderr.count("\n") == 1
    one.start()
    assert run_parley("health", "--url", one.base_url).returncode == 0


def answer_with(answer: bytes, listener: socket.socket) -> threading.Thread:
    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            assert connection.recv(65536).startswith(b"GET /readyz HTTP/1.1\r\n")
            connection.sendall(answer)

    thread = threading.Thread(target=serve)
    thread.start()
    return thread


@pytest.mark.parametrize(
    ("answer", "line"),
    [
        (
            b'HTTP/1.1 503 x\r\nContent-Length: 23\r\n\r\n{"status":\n"not_ready"}',
            'parley: not ready: 503 {"status": "not_ready"}\n',
        ),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", "parley: The connection broke off ("),
        (b"220 mail.example.org ESMTP\r\n", "parley: The connection broke off ("),
    ],
)
def test_what_is_not_ready_is_one_line_and_exit_code_1(answer: bytes, line: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = answer_with(answer, listener)
        done = run_parley("health", "--url", f"http://127.0.0.1:{listener.getsockname()[1]}")
        thread.join()
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(line)
    assert done.stderr.count("\n") == 1


def test_a_server_that_never_answers_is_given_up_soon() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        begun = time.monotonic()
        done = run_parley("health", "--url", f"http://127.0.0.1:{silent.getsockname()[1]}")
        assert (
            time.monotonic() - begun < 5 + 10
        )  # 2 s to connect, 2 s for the answer; the rest is a busy machine
    assert (done.returncode, done.stderr) == (1, "parley: The server did not answer in time.\n")


def test_an_address_that_cannot_be_used() -> None:
    done = run_parley("health", "--url", "https://127.0.0.1:1")
    assert (done.returncode, done.stdout) == (2, "")
    assert "https is not possible yet" in done.stderr
