"""JSON Web Tokens and the keys to sign them, made with openssl."""

import base64
import hashlib
import hmac
import json
import re
import subprocess
import time
from pathlib import Path
from typing import Any

ISSUER = "https://issuer.example"
AUDIENCE = "parley"


def url64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def openssl(*words: str, text: bytes = b"") -> bytes:
    return subprocess.run(["openssl", *words], input=text, capture_output=True, check=True).stdout


class signing_key:
    """Of one algorithm: HS256, RS256, ES256 or EdDSA."""

    def __init__(self, folder: Path, algorithm: str, kid: str) -> None:
        self.algorithm, self.kid = algorithm, kid
        self.secret = hashlib.sha256(kid.encode()).digest()
        self.file = folder / f"{kid}.pem"
        options = {
            "RS256": ["RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
            "ES256": ["EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
            "EdDSA": ["ED25519"],
        }
        if algorithm in options:
            openssl("genpkey", "-algorithm", *options[algorithm], "-out", str(self.file))

    def jwk(self) -> dict[str, str]:
        head = {"kid": self.kid, "alg": self.algorithm, "use": "sig"}
        if self.algorithm == "HS256":
            return {**head, "kty": "oct", "k": url64(self.secret)}
        if self.algorithm == "RS256":
            told = openssl("rsa", "-in", str(self.file), "-noout", "-modulus").decode()
            return {**head, "kty": "RSA", "e": "AQAB", "n": url64(bytes.fromhex(told.split("=")[1].strip()))}
        public = openssl("pkey", "-in", str(self.file), "-pubout", "-outform", "DER")
        if self.algorithm == "EdDSA":
            return {**head, "kty": "OKP", "crv": "Ed25519", "x": url64(public[-32:])}
        return {**head, "kty": "EC", "crv": "P-256", "x": url64(public[-64:-32]), "y": url64(public[-32:])}

    def sign(self, text: bytes) -> bytes:
        if self.algorithm == "HS256":
            return hmac.new(self.secret, text, hashlib.sha256).digest()
        if self.algorithm == "RS256":
            return openssl("dgst", "-sha256", "-sign", str(self.file), text=text)
        if self.algorithm == "EdDSA":
            plain = self.file.with_suffix(".txt")
            plain.write_bytes(text)
            return openssl("pkeyutl", "-sign", "-inkey", str(self.file), "-rawin", "-in", str(plain))
        der = openssl("dgst", "-sha256", "-sign", str(self.file), text=text)
        told = openssl("asn1parse", "-inform", "DER", text=der).decode()
        both = re.findall(r"INTEGER\s+:([0-9A-F]+)", told)
        return b"".join(bytes.fromhex(one.zfill(64)) for one in both)

    def token(self, header: dict[str, Any] | None = None, **claims: Any) -> str:
        """With sensible claims unless others are given; one that is None is left out."""
        now = int(time.time())
        all_claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": "ada", "iat": now, "exp": now + 300, **claims}
        said = {name: value for name, value in all_claims.items() if value is not None}
        head = {"alg": self.algorithm, "kid": self.kid, "typ": "JWT", **(header or {})}
        text = ".".join(url64(json.dumps(part).encode()) for part in (head, said))
        return f"{text}.{url64(self.sign(text.encode()))}"


def write_keys(file: Path, *keys: signing_key) -> None:
    """As an operator replaces a file: whole or not at all."""
    fresh = file.with_suffix(".new")
    fresh.write_text(json.dumps({"keys": [one.jwk() for one in keys]}), encoding="utf-8")
    fresh.rename(file)
