"""Web pages of other origins, and what every answer says to browsers."""

from pathlib import Path

import pytest

from .support.client import API, client
from .support.people import BOOTSTRAP, bearer, guarded
from .support.server import environment, run_parley, server

ORIGIN = "https://app.example"
ALLOWED = {"cors": {"origins": [ORIGIN, "http://localhost:5173"], "max_age": "5m"}}


def test_a_page_that_may_asks_beforehand_and_reads_the_answer(tmp_path: Path) -> None:
    with guarded(tmp_path, ALLOWED) as one, one.client() as api:
        asking = {
            "Origin": ORIGIN,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization, content-type, idempotency-key",
        }
        told = api.request("OPTIONS", f"{API}/interactions", headers=asking)
        assert told.status == 204
        assert told.headers["access-control-allow-origin"] == ORIGIN
        assert "POST" in told.headers["access-control-allow-methods"]
        assert {"Authorization", "Idempotency-Key", "Last-Event-ID", "If-Match"} <= set(
            told.headers["access-control-allow-headers"].split(", ")
        )
        assert told.headers["access-control-max-age"] == "300"
        assert "access-control-allow-credentials" not in told.headers
        for headers in (bearer(BOOTSTRAP), {}):
            got = api.request("GET", f"{API}/users/me", headers={"Origin": ORIGIN, **headers})
            assert got.headers["access-control-allow-origin"] == ORIGIN
            assert "Retry-After" in got.headers["access-control-expose-headers"]
            assert "Origin" in got.headers["vary"]
        with api.stream("GET", f"{API}/events", headers={"Origin": ORIGIN, **bearer(BOOTSTRAP)}) as news:
            assert news.headers["access-control-allow-origin"] == ORIGIN


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "https://app.example.evil", "null", "HTTPS://APP.EXAMPLE"]
)
def test_a_page_that_may_not_gets_nothing_to_read(tmp_path: Path, origin: str) -> None:
    with guarded(tmp_path, ALLOWED) as one, one.client() as api:
        asking = {"Origin": origin, "Access-Control-Request-Method": "POST"}
        told = api.request("OPTIONS", f"{API}/interactions", headers=asking)
        got = api.request("GET", f"{API}/users/me", headers={"Origin": origin, **bearer(BOOTSTRAP)})
        for one_of_them in (told, got):
            assert not any(name.startswith("access-control-") for name in one_of_them.headers)
            assert "Origin" in one_of_them.headers["vary"]


def test_without_authentication_only_named_origins_get_in(tmp_path: Path) -> None:
    with server(tmp_path, ALLOWED) as one, one.client() as api:
        api.request("GET", f"{API}/users/me", headers={"Origin": ORIGIN}).expect(200)
        refused = api.request("GET", f"{API}/users/me", headers={"Origin": "https://evil.example"})
        refused.expect_error(403, "origin_not_allowed", "Origin")


@pytest.mark.parametrize(
    "written", [f"{ORIGIN}, http://localhost:5173", f'["{ORIGIN}", "http://localhost:5173"]']
)
def test_origins_come_from_the_environment(tmp_path: Path, written: str) -> None:
    one = server(tmp_path, {"cors": {"origins": ["https://file.example"]}})
    one.variables["PARLEY_CORS_ORIGINS"] = written
    with one, one.client() as api:
        for origin in (ORIGIN, "http://localhost:5173"):
            got = api.request("GET", f"{API}/users/me", headers={"Origin": origin})
            assert (got.status, got.headers["access-control-allow-origin"]) == (200, origin)
        replaced = api.request("GET", f"{API}/users/me", headers={"Origin": "https://file.example"})
        replaced.expect_error(403, "origin_not_allowed", "Origin")


@pytest.mark.parametrize(
    "written", ['["https://app.example"', f"{ORIGIN},", f"[{ORIGIN}], {ORIGIN}", "[null]"]
)
def test_a_broken_list_in_the_environment_is_refused_by_name(tmp_path: Path, written: str) -> None:
    file = server(tmp_path, ALLOWED).config_file()
    variables = {**environment(), "PARLEY_CORS_ORIGINS": written}
    done = run_parley("check-config", "--config", str(file), env=variables)
    assert done.returncode == 3, done.stdout
    assert done.stderr.startswith("PARLEY_CORS_ORIGINS: cors.origins: "), done.stderr


@pytest.mark.parametrize(
    ("origin", "meant"),
    [
        ("https://app.example:443", "https://app.example"),
        ("http://a:80", "http://a"),
        ("http://[::1]:80", "http://[::1]"),
    ],
)
def test_the_port_of_the_scheme_itself_is_left_out(tmp_path: Path, origin: str, meant: str) -> None:
    file = server(tmp_path, {"cors": {"origins": [origin]}}).config_file()
    done = run_parley("check-config", "--config", str(file))
    assert (done.returncode, f"write {meant}\n" in done.stderr) == (3, True), done.stderr


@pytest.mark.parametrize(
    "origin", ["*", "app.example", "https://app.example/", "https://App.example", "https://a:b", "null"]
)
def test_what_is_no_origin_is_refused_at_the_start(tmp_path: Path, origin: str) -> None:
    file = server(tmp_path, {"cors": {"origins": [origin]}}).config_file()
    done = run_parley("check-config", "--config", str(file))
    assert (done.returncode, "is no origin" in done.stderr) == (3, True), done.stderr


def test_every_answer_tells_browsers_to_take_care(api: client) -> None:
    for path in (f"{API}/users/me", f"{API}/nowhere", "/healthz", "/openapi.json"):
        headers = api.get(path).headers
        assert headers["x-content-type-options"] == "nosniff", path
        assert headers["cross-origin-resource-policy"] == "same-origin", path
        assert headers["referrer-policy"] == "no-referrer", path
        assert "frame-ancestors 'none'" in headers["content-security-policy"], path
    assert "default-src 'none'" in api.get("/docs").headers["content-security-policy"]
