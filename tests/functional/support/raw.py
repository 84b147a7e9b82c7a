"""HTTP by hand, for requests that no client would send."""

import socket
from dataclasses import dataclass
from types import TracebackType
from typing import Self


@dataclass(frozen=True)
class raw_answer:
    status: int
    headers: dict[str, str]  # lower case names
    body: bytes


class raw_connection:
    """One socket. Reads have a deadline; b"" from the peer is its end."""

    def __init__(self, port: int, seconds: float = 20.0) -> None:
        self.port = port
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=seconds)
        self._buffer = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()

    def send(self, data: bytes | str) -> None:
        self._socket.sendall(data.encode() if isinstance(data, str) else data)

    def send_what_is_taken(self, data: bytes) -> int:
        """How much the other side took before it hung up."""
        sent = 0
        try:
            while sent < len(data):
                sent += self._socket.send(data[sent : sent + 65536])
        except (BrokenPipeError, ConnectionResetError):
            pass
        return sent

    def half_close(self) -> None:
        self._socket.shutdown(socket.SHUT_WR)

    def _more(self) -> bool:
        try:
            chunk = self._socket.recv(65536)
        except ConnectionResetError:
            return False
        self._buffer += chunk
        return bool(chunk)

    def read_until(self, mark: bytes) -> bytes:
        while mark not in self._buffer:
            assert self._more(), f"the connection ended before {mark!r}; there is {self._buffer!r}"
        end = self._buffer.index(mark) + len(mark)
        head, self._buffer = self._buffer[:end], self._buffer[end:]
        return head

    def read_answer(self, method: str = "GET") -> raw_answer:
        """The next answer; its body by Content-Length."""
        head = self.read_until(b"\r\n\r\n").decode("latin-1").split("\r\n")
        status = int(head[0].split(" ")[1])
        headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in head[1:] if line)}
        length = 0 if method == "HEAD" or status in (100, 204) else int(headers["content-length"])
        while len(self._buffer) < length:
            assert self._more(), "the connection ended inside a body"
        body, self._buffer = self._buffer[:length], self._buffer[length:]
        return raw_answer(status, headers, body)

    def read_end(self) -> bytes:
        """Everything until the other side closes."""
        while self._more():
            pass
        rest, self._buffer = self._buffer, b""
        return rest
