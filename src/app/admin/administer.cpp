#include "app/admin/administer.hpp"

#include "app/admin/admin_server.hpp"
#include "app/run_task.hpp"
#include "common/visible_text.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <cstdio>
#include <string>
#include <string_view>
#include <utility>

namespace parley {
namespace {

namespace json = boost::json;

constexpr std::string_view users = "/api/v1/users";

std::string text_of(json::object const& in, std::string_view name) {
    auto const* const value = in.if_contains(name);
    if (value == nullptr || value->is_null()) return "-";
    return value->is_string() ? visible_text(value->get_string()) : json::serialize(*value);
}

std::string words_of(json::object const& in, std::string_view name) {
    auto const* const list = in.if_contains(name);
    if (list == nullptr || !list->is_array()) return "-";
    std::string out;
    for (auto const& one : list->get_array()) {
        if (one.is_string()) out += (out.empty() ? "" : ",") + std::string{one.get_string()};
    }
    return out;
}

/// What the server said about a call that it refused.
error refusal_in(json::value const& body, unsigned status) {
    auto const* const object = body.if_object();
    error out;
    out.code = object == nullptr ? "bad_answer" : text_of(*object, "code");
    out.message = object == nullptr ? fmt::format("The server answered with status {}.", status)
                                    : text_of(*object, "detail");
    return out;
}

class administrator {
public:
    explicit administrator(client::http_client const& http) : http_(http) {}

    result<void> operator()(users_list const&) const {
        std::string cursor;
        do {
            auto page = ask("GET", std::string{users} + "?limit=100" + cursor);
            if (!page) return std::unexpected(page.error());
            for (auto const& one : page->at("data").as_array()) print_user(one.as_object());
            auto const& next = page->at("next_cursor");
            cursor = next.is_null() ? "" : "&cursor=" + std::string{next.as_string()};
        } while (!cursor.empty());
        return {};
    }

    result<void> operator()(users_create const& wanted) const {
        auto const made = ask("POST", std::string{users},
                              json::object{{"name", wanted.name}, {"is_admin", wanted.is_admin}});
        if (!made) return std::unexpected(made.error());
        auto const id = text_of(*made, "user_id");
        fmt::print("user {}\n", id);
        if (!wanted.with_key) return {};
        std::vector<std::string> scopes{"read", "write"};
        if (wanted.is_admin) scopes.emplace_back("admin");
        auto const key = make_key({id, "", std::move(scopes)});
        if (!key) return std::unexpected(key.error());
        fmt::print("key {}\n", *key);
        return {};
    }

    result<void> operator()(users_change const& wanted) const {
        json::object body;
        if (wanted.name) body["name"] = *wanted.name;
        if (wanted.is_admin) body["is_admin"] = *wanted.is_admin;
        auto const target = path_of(wanted.user_id);
        if (!wanted.limits.empty()) {
            auto const now = ask("GET", target);
            if (!now) return std::unexpected(now.error());
            auto limits = now->at("limits").as_object();
            for_each_limit(
                [&limits](char const* name, std::optional<std::int64_t> const& value) {
                    if (value) limits[name] = *value;
                },
                wanted.limits);
            body["limits"] = std::move(limits);
        }
        auto const changed = ask("PATCH", target, std::move(body));
        if (!changed) return std::unexpected(changed.error());
        print_user(*changed);
        return {};
    }

    result<void> operator()(users_delete const& wanted) const {
        auto const gone = ask("DELETE", path_of(wanted.user_id));
        if (!gone) return std::unexpected(gone.error());
        fmt::print(stderr, "deleted, with all that was theirs\n");
        return {};
    }

    result<void> operator()(keys_list const& wanted) const {
        auto const page = ask("GET", path_of(wanted.user_id) + "/keys");
        if (!page) return std::unexpected(page.error());
        for (auto const& one : page->at("data").as_array()) {
            auto const& key = one.as_object();
            fmt::print("{}  {}…  {}  expires {}  used {}  {}\n", text_of(key, "key_id"), text_of(key, "hint"),
                       words_of(key, "scopes"), text_of(key, "expires_at"), text_of(key, "last_used_at"),
                       text_of(key, "name"));
        }
        return {};
    }

    result<void> operator()(keys_create const& wanted) const {
        auto const key = make_key(wanted);
        if (!key) return std::unexpected(key.error());
        fmt::print("{}\n", *key);
        return {};
    }

    result<void> operator()(keys_delete const& wanted) const {
        auto const gone = ask("DELETE", path_of(wanted.user_id) + "/keys/" + wanted.key_id);
        if (!gone) return std::unexpected(gone.error());
        fmt::print(stderr, "deleted; it stops to work within a second\n");
        return {};
    }

private:
    static std::string path_of(std::string const& user) { return std::string{users} + "/" + user; }

    static void print_user(json::object const& user) {
        auto const* const admin = user.if_contains("is_admin");
        bool const is_admin = admin != nullptr && admin->is_bool() && admin->get_bool();
        fmt::print("{}  {}  {}  {}\n", text_of(user, "user_id"), text_of(user, "created_at"),
                   is_admin ? "admin" : "-", text_of(user, "name"));
    }

    result<std::string> make_key(keys_create const& wanted) const {
        json::object body{{"name", wanted.name}};
        if (!wanted.scopes.empty()) body["scopes"] = json::value_from(wanted.scopes);
        if (wanted.expires_at) body["expires_at"] = *wanted.expires_at;
        auto const made = ask("POST", path_of(wanted.user_id) + "/keys", std::move(body));
        if (!made) return std::unexpected(made.error());
        fmt::print(stderr, "Keep the key now: it is told this once.\n");
        return text_of(*made, "key");
    }

    /// The answer's object; an empty one when it has no body.
    result<json::object> ask(std::string_view method, std::string target,
                             std::optional<json::object> body = std::nullopt) const {
        client::http_call call{std::string{method}, std::move(target), {}};
        if (body) call.body = json::serialize(*body);
        auto const answer = run_task(http_.send(std::move(call)));
        if (!answer) return std::unexpected(answer.error());
        json::error_code failed;
        auto const value = json::parse(answer->body, failed);
        if (answer->status >= 300) return std::unexpected(refusal_in(value, answer->status));
        if (answer->status == 204) return json::object{};
        if (failed || !value.is_object()) return std::unexpected(refusal_in({}, answer->status));
        return value.get_object();
    }
    client::http_client const& http_;
};

}  // namespace

admin_end run_admin(config const& settings, admin_command const& wanted) {
    auto const server = admin_server::reach(settings, wanted.url, wanted.api_key);
    auto done = server ? std::visit(administrator{server->http()}, wanted.action)
                       : result<void>{std::unexpected(server.error())};
    if (done) return admin_end::done;
    fmt::print(stderr, "parley: {}\n", visible_text(done.error().message));
    return done.error().code == "server_unreachable" ? admin_end::no_server : admin_end::failed;
}

}  // namespace parley
