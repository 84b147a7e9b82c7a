"""The chat page as the server serves it: whole, compressed, kept by browsers, and under a strict policy."""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest

from .support.client import client
from .support.server import server

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
TYPES = {
    "js": "text/javascript; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "svg": "image/svg+xml",
    "woff2": "font/woff2",
    "woff": "font/woff",
    "ttf": "font/ttf",
}


@dataclass(frozen=True)
class sent:
    """An answer, its body as it went over the wire."""

    status: int
    headers: httpx.Headers
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass(frozen=True)
class page_server:
    http: httpx.Client

    def ask(self, path: str, method: str = "GET", **headers: str) -> sent:
        asked = {"Accept-Encoding": "identity"} | {name.replace("_", "-"): v for name, v in headers.items()}
        with self.http.stream(method, path, headers=asked) as got:
            return sent(got.status_code, got.headers, b"".join(got.iter_raw()))

    def assets(self) -> list[str]:
        """All that the page names, and what those name in turn."""
        found: dict[str, None] = {}
        waiting = named_in(self.ask("/").text)
        while waiting:
            path = waiting.pop()
            if path in found:
                continue
            found[path] = None
            if path.endswith((".js", ".css")):
                waiting += named_in(self.ask(path).text)
        return list(found)


def named_in(text: str) -> list[str]:
    """Vite writes "/assets/x" into HTML and CSS, "assets/x" and "./x" into scripts."""
    names = re.findall(r"""["'(](?:/?assets/|\./)([\w.-]+\.(?:js|css|svg|woff2?|ttf))["')]""", text)
    return [f"/assets/{name}" for name in names]


@pytest.fixture(scope="module")
def web(shared_server: server) -> Iterator[page_server]:
    with httpx.Client(base_url=shared_server.base_url, trust_env=False) as http:
        if "no chat page" in http.get("/").text:
            pytest.skip("this build has no chat page")
        yield page_server(http)


def test_the_page_is_strict_and_asked_for_again(web: page_server) -> None:
    page = web.ask("/")
    assert page.status == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["content-security-policy"] == POLICY
    assert "unsafe" not in page.headers["content-security-policy"]
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["cross-origin-resource-policy"] == "same-origin"
    assert page.headers["cache-control"] == "no-cache"
    assert '<div id="page">' in page.text
    # What the policy would refuse is not in it.
    assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=", page.text)
    assert not re.search(r"""(?:src|href)=["'](?!/)""", page.text), "everything comes from this server"


def test_every_asset_is_served_as_what_it_is_and_kept(web: page_server) -> None:
    assets = web.assets()
    assert any(one.endswith(".js") for one in assets)
    assert any(one.endswith(".css") for one in assets)
    for path in assets:
        got = web.ask(path)
        assert got.status == 200, path
        assert got.headers["content-type"] == TYPES[path.rsplit(".", 1)[1]], path
        assert got.headers["cache-control"] == "public, max-age=31536000, immutable", path
        assert got.headers["x-content-type-options"] == "nosniff"
        assert len(got.body) == int(got.headers["content-length"]) > 0


def test_what_is_compressed_is_the_same(web: page_server) -> None:
    compressed = 0
    for path in ["/", *web.assets()]:
        plain = web.ask(path)
        brotli, gzip = (web.ask(path, Accept_Encoding=coding) for coding in ("gzip, br", "gzip"))
        if "content-encoding" not in gzip.headers:
            assert gzip.body == plain.body
            continue
        compressed += 1
        assert gzip.headers["content-encoding"] == "gzip"
        assert zlib.decompress(gzip.body, wbits=31) == plain.body, path
        assert brotli.headers["content-encoding"] in ("br", "gzip")
        assert len(brotli.body) <= len(gzip.body) < len(plain.body), path
        for one in (plain, gzip, brotli):
            assert one.headers["vary"] == "Accept-Encoding"
            assert one.headers["content-type"] == plain.headers["content-type"]
        assert plain.headers["etag"] != gzip.headers["etag"]
    assert compressed >= 3, "the page, a script, a style sheet at least"


def a_script(web: page_server) -> str:
    return next(one for one in named_in(web.ask("/").text) if one.endswith(".js"))


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip, deflate, br, zstd", "br"),  # Chromium's
        ("gzip, deflate", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("gzip;q=1.0, br;q=0.9", "gzip"),
        ("*", "br"),
        ("identity", None),
        ("zstd, deflate", None),
        ("identity;q=0, gzip;q=0.1", "gzip"),
        ("identity;q=0", None),  # nobody is left without an answer
        ("", None),
    ],
)
def test_the_client_chooses_the_coding(web: page_server, accepted: str, coding: str | None) -> None:
    got = web.ask(a_script(web), Accept_Encoding=accepted)
    assert got.status == 200
    assert got.headers.get("content-encoding") == coding


@pytest.mark.parametrize("accepted", ["identity", "gzip", "br"])
def test_who_has_it_gets_304(web: page_server, accepted: str) -> None:
    for path in ("/", a_script(web)):
        first = web.ask(path, Accept_Encoding=accepted)
        tag = first.headers["etag"]
        assert re.fullmatch(r'"[\w-]+"', tag), "strong"
        for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
            again = web.ask(path, Accept_Encoding=accepted, If_None_Match=known)
            assert (again.status, again.body) == (304, b""), known
            # A cache renews what it has by these.
            for name in ("etag", "cache-control", "vary"):
                assert again.headers[name] == first.headers[name]
            if path == "/":
                assert again.headers["content-security-policy"] == POLICY
        changed = web.ask(path, Accept_Encoding=accepted, If_None_Match='"other"')
        assert (changed.status, changed.body) == (200, first.body)


@pytest.mark.parametrize("accepted", ["identity", "gzip", "br"])
def test_head_tells_all_but_the_body(web: page_server, accepted: str) -> None:
    for path in ("/", a_script(web)):
        got, head = (web.ask(path, method, Accept_Encoding=accepted) for method in ("GET", "HEAD"))
        assert (head.status, head.body) == (200, b"")
        for name in ("content-type", "content-length", "etag", "cache-control", "vary"):
            assert head.headers[name] == got.headers[name]
        assert head.headers.get("content-encoding") == got.headers.get("content-encoding")


def test_what_is_not_there(api: client, web: page_server) -> None:
    for path in (
        "/assets/none.js",
        "/assets/",
        "/assets",
        "/assets/..%2Findex.html",
        "/index.html",
        "/page.pack",
    ):
        api.get(path).expect_error(404, "route_not_found")
    api.request("POST", "/", {}).expect_error(405, "method_not_allowed")
    names = {one.split("/")[-1] for one in web.assets()}
    assert not any(one.endswith((".map", ".br", ".gz")) for one in names)
    told = api.get("/metrics").text
    assert not any(one in told for one in names), "labels are bounded"


def test_the_documentation_is_kept_too(web: page_server) -> None:
    for path in ("/docs", "/docs/swagger-ui-bundle.js", "/openapi.json"):
        first = web.ask(path)
        again = web.ask(path, If_None_Match=first.headers["etag"])
        assert (first.status, again.status, again.body) == (200, 304, b"")
