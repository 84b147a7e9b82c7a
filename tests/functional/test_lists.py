"""Lists: order, filters, cursors both ways, with ties and while others write."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from .conftest import start_server
from .support.client import API, client, messages_path
from .support.server import server

PATH = f"{API}/interactions"


def ids(page: dict[str, Any]) -> list[str]:
    return [item["interaction_id"] for item in page["data"]]


@pytest.fixture
def own(new_server: start_server) -> server:
    """A server whose list of interactions is the test's own."""
    return new_server()


def walk(api: client, path: str, direction: str, **params: Any) -> list[dict[str, Any]]:
    """All pages behind (next) or ahead of (prev) this one, this one included, as they came."""
    page = api.get(path, **params).expect(200)
    pages = [page]
    while (cursor := page[f"{direction}_cursor"]) is not None:
        page = api.get(path, **{**params, "cursor": cursor}).expect(200)
        pages.append(page)
    return pages


def test_empty_list(own: server) -> None:
    with own.client() as api:
        nothing = {"data": [], "has_more": False, "next_cursor": None, "prev_cursor": None}
        assert api.get(PATH).expect(200) == nothing
        assert api.get(f"{API}/users/me").expect(200)["interaction_list"] == nothing


def test_pages_lead_forth_and_back_over_ties(own: server) -> None:
    def create(_: int) -> str:
        with own.client() as one:
            return str(one.create_interaction()["interaction_id"])

    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(create, range(45)))  # several in each millisecond
    with own.client() as api:
        forth = walk(api, PATH, "next", limit=10)
        assert [len(page["data"]) for page in forth] == [10, 10, 10, 10, 5]
        assert [page["has_more"] for page in forth] == [True] * 4 + [False]
        assert [page["prev_cursor"] is None for page in forth] == [True] + [False] * 4
        order = [one for page in forth for one in ids(page)]
        assert set(order) == made
        assert len(order) == 45
        by_time = [
            (item["last_message_at"], item["interaction_id"]) for page in forth for item in page["data"]
        ]
        assert by_time == sorted(by_time, reverse=True)

        back = [forth[-1]]
        while (cursor := back[-1]["prev_cursor"]) is not None:
            back.append(api.get(PATH, cursor=cursor, limit=10).expect(200))
        assert [ids(page) for page in reversed(back)] == [ids(page) for page in forth]
        assert all(page["has_more"] for page in back[1:])


def test_limits_of_a_page(own: server) -> None:
    with own.client() as api:
        made = [api.create_interaction()["interaction_id"] for _ in range(22)]
        newest_first = made[::-1]
        assert ids(api.get(PATH).expect(200)) == newest_first[:20]
        assert ids(api.get(PATH, limit=1).expect(200)) == newest_first[:1]
        assert ids(api.get(PATH, limit=100).expect(200)) == newest_first
        assert not api.get(PATH, limit=22).expect(200)["has_more"]
        me = api.get(f"{API}/users/me").expect(200)["interaction_list"]
        assert me["data"] == newest_first[:20]
        assert me["has_more"]
        assert ids(api.get(PATH, cursor=me["next_cursor"]).expect(200)) == newest_first[20:]


@pytest.mark.parametrize(
    "limit", ["0", "101", "-1", "abc", "", "1.5", "99999999999999999999", "+5", " 5", "0x5", "null"]
)
def test_impossible_limits(api: client, limit: str) -> None:
    api.request("GET", PATH, params={"limit": limit}).expect_error(422, "invalid_parameter", "limit")
    path = messages_path(api.create_interaction()["interaction_id"])
    api.request("GET", path, params={"limit": limit}).expect_error(422, "invalid_parameter", "limit")


def test_sort_order_and_what_a_message_does_to_it(own: server) -> None:
    with own.client() as api:
        made = [api.create_interaction() for _ in range(3)]
        first, second, third = (one["interaction_id"] for one in made)
        while api.note(first, "hello")["created_at"] <= made[-1]["created_at"]:
            pass  # of one millisecond: the identifier decides, and that is the third's
        assert ids(api.get(PATH).expect(200)) == [first, third, second]
        assert ids(api.get(PATH, sort="last_message_at").expect(200)) == [first, third, second]
        assert ids(api.get(PATH, sort="created_at").expect(200)) == [third, second, first]
        api.request("PATCH", f"{PATH}/{second}", {"title": "no message"}).expect(200)
        assert ids(api.get(PATH).expect(200)) == [first, third, second]


def test_filters(own: server) -> None:
    with own.client() as api:
        plain = api.create_interaction()["interaction_id"]
        pinned = api.create_interaction(pinned=True)["interaction_id"]
        archived = api.create_interaction(archived=True)["interaction_id"]
        both = api.create_interaction(archived=True, pinned=True)["interaction_id"]
        assert ids(api.get(PATH).expect(200)) == [both, archived, pinned, plain]
        assert ids(api.get(PATH, pinned="true").expect(200)) == [both, pinned]
        assert ids(api.get(PATH, pinned="false").expect(200)) == [archived, plain]
        assert ids(api.get(PATH, archived="true").expect(200)) == [both, archived]
        assert ids(api.get(PATH, archived="false", pinned="false").expect(200)) == [plain]
        page = api.get(PATH, archived="true", limit=1).expect(200)
        assert ids(api.get(PATH, archived="true", limit=1, cursor=page["next_cursor"]).expect(200)) == [
            archived
        ]
        for value in ("yes", "1", "True", ""):
            answer = api.request("GET", PATH, params={"pinned": value})
            answer.expect_error(422, "invalid_parameter", "pinned")


def test_a_list_that_grows_while_it_is_paged(own: server) -> None:
    with own.client() as api:
        made = [api.create_interaction()["interaction_id"] for _ in range(12)]
        seen: list[str] = []
        page = api.get(PATH, limit=3).expect(200)
        while True:
            seen += ids(page)
            api.create_interaction()  # goes to the front, behind the reader's back
            if not page["has_more"]:
                break
            page = api.get(PATH, limit=3, cursor=page["next_cursor"]).expect(200)
        assert seen == made[::-1]
        newer = api.get(PATH, cursor=api.get(PATH, limit=4).expect(200)["next_cursor"], limit=100).expect(200)
        assert ids(newer) == made[::-1]
        ahead = api.get(PATH, cursor=newer["prev_cursor"]).expect(200)
        assert len(ahead["data"]) == 4


@pytest.mark.parametrize("sort", ["last_message_at", "created_at"])
def test_an_empty_page_leads_back_to_where_it_was_asked_from(own: server, sort: str) -> None:
    with own.client() as api:
        made = [api.create_interaction()["interaction_id"] for _ in range(3)]
        page = api.get(PATH, limit=2, sort=sort).expect(200)
        api.request("DELETE", f"{PATH}/{made[0]}").expect(204)
        behind = api.get(PATH, cursor=page["next_cursor"]).expect(200)
        assert (behind["data"], behind["has_more"], behind["next_cursor"]) == ([], False, None)
        assert ids(api.get(PATH, cursor=behind["prev_cursor"]).expect(200)) == [made[2], made[1]]

        second = api.get(PATH, limit=1, cursor=api.get(PATH, limit=1, sort=sort).expect(200)["next_cursor"])
        api.request("DELETE", f"{PATH}/{made[2]}").expect(204)
        ahead = api.get(PATH, cursor=second.expect(200)["prev_cursor"]).expect(200)
        assert (ahead["data"], ahead["has_more"], ahead["prev_cursor"]) == ([], True, None)
        assert ids(api.get(PATH, cursor=ahead["next_cursor"]).expect(200)) == [made[1]]


def test_a_walk_ends_whatever_is_deleted_meanwhile(own: server) -> None:
    with own.client() as api:
        made = [api.create_interaction()["interaction_id"] for _ in range(3)]
        page = api.get(PATH, limit=1).expect(200)
        for one in made[:2]:
            api.request("DELETE", f"{PATH}/{one}").expect(204)
        rest = walk(api, PATH, "next", limit=1, cursor=page["next_cursor"])
        assert [ids(one) for one in rest] == [[]]
        api.request("DELETE", f"{PATH}/{made[2]}").expect(204)
        gone = api.get(PATH, cursor=page["next_cursor"]).expect(200)
        assert gone == {"data": [], "has_more": False, "next_cursor": None, "prev_cursor": None}


def test_a_filter_that_leaves_a_page_empty_leads_on(own: server) -> None:
    with own.client() as api:
        pinned = api.create_interaction(pinned=True)["interaction_id"]
        api.create_interaction()
        first = api.get(PATH, limit=1).expect(200)
        last = api.get(PATH, limit=1, cursor=first["next_cursor"]).expect(200)
        ahead = api.get(PATH, limit=1, cursor=last["prev_cursor"], pinned="true").expect(200)
        assert ahead["data"] == []
        assert ids(api.get(PATH, cursor=ahead["next_cursor"], pinned="true").expect(200)) == [pinned]


@pytest.mark.parametrize("order", ["asc", "desc"])
def test_an_empty_page_of_messages_leads_back(api: client, order: str) -> None:
    interaction_id = api.create_interaction()["interaction_id"]
    api.note(interaction_id, "only")
    path = messages_path(interaction_id)
    api.note(interaction_id, "second")
    both = [m["content"] for m in api.get(path, order=order).expect(200)["data"]]
    # The cursor of a page says where it ends: "n" before its number leads onwards, "p" back.
    onwards = api.get(path, order=order, limit=1).expect(200)["next_cursor"]
    last = api.get(path, limit=1, cursor=onwards).expect(200)
    back = last["prev_cursor"]
    behind = api.get(path, cursor=back.replace("p", "n", 1)).expect(200)
    assert (behind["data"], behind["has_more"]) == ([], False)
    assert [m["content"] for m in api.get(path, cursor=behind["prev_cursor"]).expect(200)["data"]] == both
    ahead = api.get(path, cursor=onwards.replace("n", "p", 1)).expect(200)
    assert (ahead["data"], ahead["prev_cursor"]) == ([], None)
    assert [m["content"] for m in api.get(path, cursor=ahead["next_cursor"]).expect(200)["data"]] == both


def test_the_ids_of_a_user_are_bounded_by_their_number_alone(own: server) -> None:
    with own.client() as api:
        wide = {f"{number:064}": "🙂" * 2048 for number in range(64)}
        made = [api.create_interaction(metadata=wide)["interaction_id"] for _ in range(4)]
        assert len(api.get(PATH).expect(200)["data"]) < 4
        me = api.get(f"{API}/users/me").expect(200)["interaction_list"]
        assert (me["data"], me["has_more"]) == (made[::-1], False)


@pytest.mark.parametrize("cursor", ["", "x", "AAAA", "%", "🙂", "a" * 512, "a" * 513, "e30", "e30="])
def test_unusable_cursors(api: client, cursor: str) -> None:
    path = messages_path(api.create_interaction()["interaction_id"])
    for listed in (PATH, path):
        api.request("GET", listed, params={"cursor": cursor}).expect_error(404, "cursor_not_found", "cursor")


def test_a_cursor_belongs_to_its_list(own: server) -> None:
    with own.client() as api:
        one, two = (api.create_interaction()["interaction_id"] for _ in range(2))
        for interaction in (one, two):
            for number in range(3):
                api.note(interaction, str(number))
        of_list = api.get(PATH, limit=1).expect(200)["next_cursor"]
        of_messages = api.get(messages_path(one), limit=1).expect(200)["next_cursor"]
        for path, params in [
            (PATH, {"cursor": of_messages}),
            (messages_path(one), {"cursor": of_list}),
            (messages_path(two), {"cursor": of_messages}),
            (PATH, {"cursor": of_list, "sort": "created_at"}),
            (messages_path(one), {"cursor": of_messages, "order": "asc"}),
        ]:
            api.get(path, **params).expect_error(404, "cursor_not_found", "cursor")
        api.get(PATH, cursor=of_list, sort="last_message_at").expect(200)
        api.get(messages_path(one), cursor=of_messages, order="desc").expect(200)


@pytest.mark.parametrize("order", ["asc", "desc"])
def test_messages_both_ways(api: client, order: str) -> None:
    interaction_id = api.create_interaction()["interaction_id"]
    made = [api.note(interaction_id, str(number))["message_id"] for number in range(25)]
    expected = made if order == "asc" else made[::-1]
    path = messages_path(interaction_id)
    forth = walk(api, path, "next", order=order, limit=10)
    assert [len(page["data"]) for page in forth] == [10, 10, 5]
    assert [m["message_id"] for page in forth for m in page["data"]] == expected
    back = api.get(path, cursor=forth[-1]["prev_cursor"], limit=10).expect(200)
    assert back["data"] == forth[1]["data"]
    without_order = api.get(path, cursor=forth[0]["next_cursor"], limit=10).expect(200)
    assert without_order["data"] == forth[1]["data"]


def test_messages_are_newest_first_unless_asked(api: client) -> None:
    interaction_id = api.create_interaction()["interaction_id"]
    for number in range(3):
        api.note(interaction_id, str(number))
    page = api.get(messages_path(interaction_id)).expect(200)
    assert [m["content"] for m in page["data"]] == ["2", "1", "0"]
    api.get(messages_path(interaction_id), order="up").expect_error(422, "invalid_parameter", "order")


def test_an_ascending_reader_sees_what_comes_later(api: client) -> None:
    interaction_id = api.create_interaction()["interaction_id"]
    api.note(interaction_id, "0")
    api.note(interaction_id, "1")
    path = messages_path(interaction_id)
    cursor = api.get(path, order="asc", limit=1).expect(200)["next_cursor"]
    api.note(interaction_id, "2")
    page = api.get(path, cursor=cursor).expect(200)
    assert [m["content"] for m in page["data"]] == ["1", "2"]


def test_unknown_and_repeated_parameters(api: client) -> None:
    interaction_id = api.create_interaction()["interaction_id"]
    for path in (
        PATH,
        f"{PATH}/{interaction_id}",
        messages_path(interaction_id),
        f"{API}/models",
        f"{API}/users/me",
    ):
        api.get(path, offset="5").expect_error(422, "unknown_parameter", "offset")
    for path in (PATH, messages_path(interaction_id)):
        twice = api.request("GET", path, params=[("limit", "1"), ("limit", "2")])
        twice.expect_error(422, "invalid_parameter", "limit")
