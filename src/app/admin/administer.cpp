#include "app/admin/administer.hpp"

#include "app/admin/admin_output.hpp"
#include "app/admin/admin_server.hpp"
#include "app/run_task.hpp"
#include "app/standard_streams.hpp"
#include "common/visible_text.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley {
namespace {

namespace json = boost::json;

constexpr std::string_view users = "/api/v1/users";

/// What the server said about a call that it refused.
error refusal_in(json::value const& body, unsigned status) {
    auto const* const object = body.if_object();
    error out;
    out.code = object == nullptr ? "bad_answer" : text_of(*object, "code");
    out.message = object == nullptr ? fmt::format("The server answered with status {}.", status)
                                    : text_of(*object, "detail");
    return out;
}

/// Null is what the contract has for none of one's own.
void put(json::object& limits, limit_choices const& wanted) {
    for (auto const& [name, value] : wanted) {
        limits[name] = value ? json::value(*value) : json::value(nullptr);
    }
}

class administrator {
public:
    explicit administrator(client::http_client const& http) : http_(http) {}

    result<void> operator()(users_list const&) const {
        std::string cursor;
        do {
            auto page = ask("GET", std::string{users} + "?limit=100" + cursor);
            if (!page) return std::unexpected(page.error());
            std::string rows;
            for (auto const& one : page->at("data").as_array()) rows += row_of_user(one.as_object());
            if (auto told = print_out(rows); !told) return told;
            auto const& next = page->at("next_cursor");
            cursor = next.is_null() ? "" : "&cursor=" + std::string{next.as_string()};
        } while (!cursor.empty());
        return {};
    }

    result<void> operator()(users_create const& wanted) const {
        json::object body{{"name", wanted.name}, {"is_admin", wanted.is_admin}};
        if (!wanted.limits.empty()) put(body["limits"].emplace_object(), wanted.limits);
        auto const made = ask("POST", std::string{users}, std::move(body));
        if (!made) return std::unexpected(made.error());
        auto const id = text_of(*made, "user_id");
        if (auto const told = print_out("user " + id + "\n"); !told) {
            return with_user(id, wanted.with_key ? "has no key" : "is there", told.error());
        }
        if (!wanted.with_key) return {};
        std::vector<std::string> scopes{"read", "write"};
        if (wanted.is_admin) scopes.emplace_back("admin");
        if (auto const done = tell_new_key({id, "", std::move(scopes)}, "key "); !done) {
            return with_user(id, "is there", done.error());
        }
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
            put(limits, wanted.limits);
            body["limits"] = std::move(limits);
        }
        auto const changed = ask("PATCH", target, std::move(body));
        if (!changed) return std::unexpected(changed.error());
        return print_out(row_of_user(*changed));
    }

    result<void> operator()(users_delete const& wanted) const {
        auto const gone = ask("DELETE", path_of(wanted.user_id));
        if (!gone) return std::unexpected(gone.error());
        print_note("deleted, with all that was theirs\n");
        return {};
    }

    result<void> operator()(keys_list const& wanted) const {
        auto const page = ask("GET", path_of(wanted.user_id) + "/keys");
        if (!page) return std::unexpected(page.error());
        std::string rows;
        for (auto const& one : page->at("data").as_array()) rows += row_of_key(one.as_object());
        return print_out(rows);
    }

    result<void> operator()(keys_create const& wanted) const { return tell_new_key(wanted, ""); }

    result<void> operator()(keys_delete const& wanted) const {
        auto const gone = ask("DELETE", path_of(wanted.user_id, wanted.key_id));
        if (!gone) return std::unexpected(gone.error());
        print_note("deleted; it stops to work within a second\n");
        return {};
    }

private:
    static std::string path_of(std::string const& user) { return std::string{users} + "/" + user; }

    static std::string path_of(std::string const& user, std::string const& key) {
        return path_of(user) + "/keys/" + key;
    }

    static std::unexpected<error> with_user(std::string const& id, std::string_view state, error why) {
        why.message = fmt::format("The user {} was made and {}. {}", id, state, why.message);
        return std::unexpected(std::move(why));
    }

    /// A key that nobody was told is of no use to anybody, and so deleted again.
    result<void> tell_new_key(keys_create const& wanted, std::string_view before) const {
        json::object body{{"name", wanted.name}};
        if (!wanted.scopes.empty()) body["scopes"] = json::value_from(wanted.scopes);
        if (wanted.expires_at) body["expires_at"] = *wanted.expires_at;
        if (!wanted.limits.empty()) put(body["limits"].emplace_object(), wanted.limits);
        auto const made = ask("POST", path_of(wanted.user_id) + "/keys", std::move(body));
        if (!made) return std::unexpected(made.error());
        auto told = print_out(fmt::format("{}{}\n", before, text_of(*made, "key")));
        if (told) {
            print_note("Keep the key now: it is told this once.\n");
            return told;
        }
        auto const id = text_of(*made, "key_id");
        auto const gone = ask("DELETE", path_of(wanted.user_id, id));
        told.error().message +=
            gone ? " The key that was made is deleted again."
                 : fmt::format(
                       " The key {} was made and could not be deleted again: parley keys delete {} {}.", id,
                       wanted.user_id, id);
        return told;
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
    hold_standard_streams();
    auto const server = admin_server::reach(settings, wanted);
    auto done = server ? std::visit(administrator{server->http()}, wanted.action)
                       : result<void>{std::unexpected(server.error())};
    if (done) return admin_end::done;
    auto const why = server ? server->explain(std::move(done.error())) : std::move(done.error());
    print_note(fmt::format("parley: {}\n", visible_text(why.message)));
    return why.code == "server_unreachable" ? admin_end::no_server : admin_end::failed;
}

}  // namespace parley
