"""Authorities and certificates of the test's own, by openssl."""

import ssl
import subprocess
from pathlib import Path

KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc", "-days", "2"]


def _openssl(folder: Path, *arguments: str) -> None:
    done = subprocess.run(["openssl", *arguments], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


class authority:
    """Signs for names such as `IP:127.0.0.1`. Its files lie in the folder."""

    def __init__(self, folder: Path, name: str = "test-ca") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self.file = folder / "ca.pem"
        _openssl(folder, "req", "-x509", *KEY, "-subj", f"/CN={name}", "-keyout", "ca.key", "-out", "ca.pem")

    def context_for(self, subject_alternative: str) -> ssl.SSLContext:
        """What a server of that name needs."""
        to = ["-keyout", "server.key", "-out", "server.pem"]
        name = ["-addext", f"subjectAltName={subject_alternative}", "-addext", "basicConstraints=CA:FALSE"]
        by = ["-CA", "ca.pem", "-CAkey", "ca.key"]
        _openssl(self._folder, "req", "-x509", *KEY, *by, "-subj", "/CN=server", *name, *to)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self._folder / "server.pem", self._folder / "server.key")
        return context
