"""auth.mode trusted_header: a proxy says who asks, and nobody else may."""

from pathlib import Path
from typing import Any

import pytest

from .support.client import API
from .support.people import BOOTSTRAP, bearer, guarded
from .support.server import run_parley, server

ME = f"{API}/users/me"


def over(*proxies: str, **auth: Any) -> dict[str, Any]:
    return {"auth": {"mode": "trusted_header", "trusted_proxies": list(proxies), **auth}}


def test_whom_the_proxy_names_is_a_user_from_then_on(tmp_path: Path) -> None:
    with guarded(tmp_path, over("10.0.0.0/8", "127.0.0.0/8")) as one, one.client() as api:
        ada = {"X-Forwarded-User": "ada@example.org"}
        first = api.request("GET", ME, headers=ada).expect(200)
        assert first["name"] == "ada@example.org"
        assert api.request("GET", ME, headers=ada).expect(200) == first
        bob = api.request("GET", ME, headers={"x-forwarded-user": "bob"}).expect(200)
        assert bob["user_id"] != first["user_id"]
        made = api.request("POST", f"{API}/interactions", {}, headers=ada).expect(201)
        path = f"{API}/interactions/{made['interaction_id']}"
        api.request("GET", path, headers={"X-Forwarded-User": "bob"}).expect_error(
            404, "interaction_not_found"
        )
        # Administrators come with keys; a key is stronger than the header.
        both = {**ada, **bearer(BOOTSTRAP)}
        assert api.request("GET", ME, headers=both).expect(200)["is_admin"] is True
        mistyped = {**ada, **bearer("parley_" + "x" * 10)}
        api.request("GET", ME, headers=mistyped).expect_error(401, "invalid_api_key", "Authorization")
        others = api.request("GET", ME, headers={**ada, **bearer("the proxy's own")}).expect(200)
        assert others["user_id"] == first["user_id"]


def test_an_open_stream_does_not_bring_a_deleted_user_back(tmp_path: Path) -> None:
    settings = {**over("127.0.0.1"), "server": {"keep_alive_interval": "50ms"}}
    ada = {"X-Forwarded-User": "ada@example.org"}
    with guarded(tmp_path, settings) as one, one.client() as api, one.client() as second:
        me = api.request("GET", ME, headers=ada).expect(200)["user_id"]
        with second.stream("GET", f"{API}/events", headers=ada) as news:
            assert news.next().name == "reset"
            api.request("DELETE", f"{API}/users/{me}", headers=bearer(BOOTSTRAP)).expect(204)
            news.rest()  # the server ends it
        users = api.request("GET", f"{API}/users", headers=bearer(BOOTSTRAP)).expect(200)["data"]
        assert "ada@example.org" not in {user["name"] for user in users}
        seen = [line for line in one.log_lines() if line["event"] == "user_seen_first"]
        assert [line["user_id"] for line in seen] == [me]


CROSS = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}
FRAME = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}


def test_a_page_of_another_site_can_not_ask_in_the_name_of_who_looks_at_it(tmp_path: Path) -> None:
    shop = "https://shop.example.org"
    settings = {**over("127.0.0.1"), "cors": {"origins": [shop]}}
    ada = {"X-Forwarded-User": "ada"}
    path = f"{API}/interactions"
    with guarded(tmp_path, settings) as one, one.client() as api:
        for site in ("cross-site", "same-site"):
            for method, target in (("POST", path), ("GET", f"{API}/events"), ("OPTIONS", path)):
                foreign = {**ada, **CROSS, "Sec-Fetch-Site": site}
                refused = api.request(method, target, {} if method == "POST" else None, headers=foreign)
                refused.expect_error(403, "origin_not_allowed", "Sec-Fetch-Site")
        assert api.request("GET", path, headers=ada).expect(200)["data"] == []

        for site in ("same-origin", "none"):
            api.request("POST", path, {}, headers={**ada, "Sec-Fetch-Site": site}).expect(201)
        welcome = {**ada, **CROSS, "Origin": shop, "Sec-Fetch-Mode": "cors"}
        api.request("POST", path, {}, headers=welcome).expect(201)
        for target in ("/", f"{API}/events"):
            framed = api.request("GET", target, headers={**ada, **FRAME})
            framed.expect_error(403, "origin_not_allowed", "Sec-Fetch-Site")
        # A link leads to the page.
        leading = {**ada, **FRAME, "Sec-Fetch-Dest": "document"}
        assert api.request("GET", "/", headers=leading).status == 200
        api.request("POST", path, {}, headers=leading).expect_error(403, "origin_not_allowed")


def test_a_header_that_says_nothing_or_too_much_is_refused(tmp_path: Path) -> None:
    with guarded(tmp_path, over("127.0.0.1", user_header="X-User")) as one, one.client() as api:
        api.request("GET", ME).expect_error(401, "missing_user", "X-User")
        api.request("GET", ME, headers={"X-Forwarded-User": "ada"}).expect_error(401, "missing_user")
        for value in ("", "x" * 256, "a\tb"):
            got = api.request("GET", ME, headers={"X-User": value})
            assert (got.status, got.code) == (401, "invalid_user"), value
        twice = [("X-User", "ada"), ("X-User", "root")]
        api.request("GET", ME, headers=twice).expect_error(401, "invalid_credentials", "X-User")


@pytest.mark.parametrize("proxies", [("10.0.0.1",), ("10.0.0.0/8", "::1", "fd00::/8")])
def test_nobody_else_may_say_who_asks(tmp_path: Path, proxies: tuple[str, ...]) -> None:
    with guarded(tmp_path, over(*proxies)) as one, one.client() as api:
        got = api.request("GET", ME, headers={"X-Forwarded-User": "ada", "X-Forwarded-For": "10.0.0.1"})
        got.expect_error(401, "untrusted_proxy")
        assert got.headers["www-authenticate"] == 'Bearer realm="parley"'
        api.request("GET", ME, headers=bearer(BOOTSTRAP)).expect(200)


@pytest.mark.parametrize(
    ("proxies", "told"),
    [
        ((), "needs the addresses of the proxy"),
        (("proxy.local",), "is no IP address"),
        (("10.0.0.5/8",), "write 10.0.0.0/8, or 10.0.0.5 for"),
        (("fd00::1/8",), "write fd00::/8, or fd00::1 for"),
        (("0.0.0.0/0",), "anybody may say who asks"),
        (("127.0.0.1", "::/0"), "anybody may say who asks"),
        (("::ffff:0.0.0.0/96",), "anybody may say who asks"),
    ],
)
def test_proxies_have_addresses(tmp_path: Path, proxies: tuple[str, ...], told: str) -> None:
    file = server(tmp_path, over(*proxies)).config_file()
    done = run_parley("check-config", "--config", str(file))
    assert (done.returncode, told in done.stderr) == (3, True), done.stderr


def test_proxies_come_from_the_environment(tmp_path: Path) -> None:
    one = guarded(tmp_path, over())
    one.variables["PARLEY_AUTH_TRUSTED_PROXIES"] = "10.0.0.0/8, 127.0.0.1"
    with one, one.client() as api:
        api.request("GET", ME, headers={"X-Forwarded-User": "ada"}).expect(200)


@pytest.mark.parametrize(
    "header",
    [
        "Host",
        "authorization",
        "Cookie",
        "Content-Length",
        "Content-Type",
        "Transfer-Encoding",
        "Connection",
        "Origin",
        "Idempotency-Key",
        "X-Forwarded-For",
    ],
)
def test_the_header_is_for_nothing_else(tmp_path: Path, header: str) -> None:
    file = server(tmp_path, over("127.0.0.1", user_header=header)).config_file()
    done = run_parley("check-config", "--config", str(file))
    assert (done.returncode, f'"{header}" means something else' in done.stderr) == (3, True), done.stderr
