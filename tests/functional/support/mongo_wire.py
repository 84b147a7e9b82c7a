"""A proxy that reads MongoDB's wire protocol: it records commands, and may answer for the server."""

import contextlib
import select
import socket
import ssl
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass

from .bson import decode, document, encode, text_at
from .loopback import loopback_listener
from .server import PATIENCE

OP_REPLY, OP_QUERY, OP_MSG = 1, 2004, 2013  # the wire protocol's manual page: opcodes
GREETINGS = frozenset({"hello", "ismaster", "isMaster"})
HOUSEKEEPING = GREETINGS | {"ping", "endSessions"}


@dataclass(frozen=True)
class message:
    """Of the one section of kind 0 that Parley's and the tests' servers' messages have."""

    number: int
    opcode: int
    body: document

    @property
    def name(self) -> str:
        return next(iter(self.body))


def read(stream: socket.socket) -> tuple[message, bytes] | None:
    """The next message and its bytes; None at the end."""
    head = _exactly(stream, 16)
    if head is None:
        return None
    size, number, _, opcode = struct.unpack("<4i", head)
    rest = _exactly(stream, size - 16)
    if rest is None:
        return None
    at = 0
    if opcode == OP_MSG:
        assert rest[4] == 0, "a section of another kind"
        at = 5
    elif opcode == OP_QUERY:
        at = text_at(rest, 4)[1] + 8
    elif opcode == OP_REPLY:
        at = 20
    else:
        raise AssertionError(f"opcode {opcode}")
    return message(number, opcode, decode(rest[at:])), head + rest


def reply_to(request: message, body: document) -> bytes:
    """In the form that the request asks for."""
    if request.opcode == OP_MSG:
        head, opcode = struct.pack("<ib", 0, 0), OP_MSG
    else:
        head, opcode = struct.pack("<iqii", 8, 0, 0, 1), OP_REPLY
    data = head + encode(body)
    return struct.pack("<4i", 16 + len(data), 1, request.number, opcode) + data


def _exactly(stream: socket.socket, size: int) -> bytes | None:
    data = b""
    while len(data) < size:
        more = stream.recv(size - len(data))
        if not more:
            return None
        data += more
    return data


# The answer to a command instead of the server's, or None: it is the server's turn.
answerer = Callable[[message], document | None]


def nobody(_: message) -> document | None:
    return None


class wire_proxy(loopback_listener):
    """Listens on the loopback, with TLS when it is given a context.

    `new_connection` makes who may answer in place of the server; `rewrite` may change a reply to a greeting.
    Thread safety: all functions from any thread.
    """

    def __init__(
        self,
        server: int,
        tls: ssl.SSLContext | None = None,
        new_connection: Callable[[], answerer] = lambda: nobody,
        rewrite: Callable[[document], document] = lambda reply: reply,
    ) -> None:
        self._server = server
        self._tls = tls
        self._new_connection = new_connection
        self._rewrite = rewrite
        self._guard = threading.Lock()
        self._commands: list[document] = []
        super().__init__()

    @property
    def uri(self) -> str:
        return f"mongodb://127.0.0.1:{self.port}/"

    def take_commands(self) -> list[document]:
        """What came since the last call, without greetings, pings and logins."""
        with self._guard:
            taken, self._commands = self._commands, []
        return taken

    def _carry(self, client: socket.socket) -> None:
        plain = client
        plain.settimeout(PATIENCE)
        # A client that does not trust us or speaks no TLS ends the handshake.
        with plain, contextlib.suppress(OSError):
            client = plain if self._tls is None else self._tls.wrap_socket(plain, server_side=True)
            with client, socket.create_connection(("127.0.0.1", self._server), PATIENCE) as server:
                for one in (plain if self._tls is None else client, server):
                    one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                answer = self._new_connection()
                while self._wait(client) and self._exchange(client, server, answer):
                    pass

    def _wait(self, client: socket.socket) -> bool:
        """For the next request, with an eye on the end."""
        while not self._over.is_set():
            if isinstance(client, ssl.SSLSocket) and client.pending():
                return True
            if select.select([client], [], [], 0.05)[0]:
                return True
        return False

    def _exchange(self, client: socket.socket, server: socket.socket, answer: answerer) -> bool:
        got = read(client)
        if got is None:
            return False
        request, data = got
        own = answer(request)
        if own is not None:
            client.sendall(reply_to(request, own))
            return True
        if request.name not in HOUSEKEEPING:
            with self._guard:
                self._commands.append(request.body)
        server.sendall(data)
        told = read(server)
        if told is None:
            return False
        reply, data = told
        if request.name in GREETINGS:
            # Without it the driver asks again and again; with it a server answers once and goes on telling.
            polled = {name: value for name, value in reply.body.items() if name != "topologyVersion"}
            data = reply_to(request, self._rewrite(polled))
        client.sendall(data)
        return True
