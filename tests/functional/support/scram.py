"""The server's side of a login by SCRAM-SHA-256 (RFC 5802, RFC 7677), as MongoDB's commands carry it."""

import base64
import hashlib
import hmac
import secrets

from .bson import document
from .mongo_wire import HOUSEKEEPING, message

ROUNDS = 4096  # the fewest that drivers accept

# The codes of the server's src/mongo/base/error_codes.yml.
UNAUTHORIZED = {"ok": 0.0, "errmsg": "command requires authentication", "code": 13}
REFUSED = {"ok": 0.0, "errmsg": "Authentication failed.", "code": 18}


def _hmac(key: bytes, data: str) -> bytes:
    return hmac.digest(key, data.encode(), "sha256")


class scram_login:
    """Of one connection: whoever has not proved that he knows the password gets nothing else answered."""

    def __init__(self, user: str, password: str) -> None:
        self._user = user
        self._salt = secrets.token_bytes(28)  # as MongoDB has it, and libmongoc wants it
        salted = hashlib.pbkdf2_hmac("sha256", password.encode(), self._salt, ROUNDS)
        self._stored_key = hashlib.sha256(_hmac(salted, "Client Key")).digest()
        self._server_key = _hmac(salted, "Server Key")
        self._first = ""  # both first messages
        self._nonce = ""
        self.done = False

    def __call__(self, request: message) -> document | None:
        if self.done:
            return None
        match request.name:
            case "saslStart" if request.body["mechanism"] == "SCRAM-SHA-256":
                return self._begin(request.body["payload"].decode())
            case "saslContinue":
                return self._end(request.body["payload"].decode())
            case name if name in HOUSEKEEPING:
                return None
        return UNAUTHORIZED

    def _begin(self, said: str) -> document:
        """`n,,n=user,r=nonce`: what the client wants, and its half of the nonce."""
        bare = said.removeprefix("n,,")
        fields = dict(field.split("=", 1) for field in bare.split(","))
        if fields["n"] != self._user:
            return REFUSED
        self._nonce = fields["r"] + secrets.token_hex(12)
        answer = f"r={self._nonce},s={base64.b64encode(self._salt).decode()},i={ROUNDS}"
        self._first = f"{bare},{answer}"
        return {"ok": 1.0, "conversationId": 1, "done": False, "payload": answer.encode()}

    def _end(self, said: str) -> document:
        """`c=biws,r=nonce,p=proof`: that it knows the password; the answer is that we know it, too."""
        without_proof, _, proof = said.rpartition(",p=")
        if without_proof != f"c=biws,r={self._nonce}":
            return REFUSED
        whole = f"{self._first},{without_proof}"
        signature = _hmac(self._stored_key, whole)
        key = bytes(a ^ b for a, b in zip(base64.b64decode(proof), signature, strict=True))
        if not hmac.compare_digest(hashlib.sha256(key).digest(), self._stored_key):
            return REFUSED
        self.done = True
        answer = base64.b64encode(_hmac(self._server_key, whole)).decode()
        return {"ok": 1.0, "conversationId": 1, "done": True, "payload": f"v={answer}".encode()}
