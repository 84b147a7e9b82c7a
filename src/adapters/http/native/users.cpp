#include "adapters/http/native/users.hpp"

#include "adapters/http/wire/object_reader.hpp"
#include "adapters/http/wire/pages.hpp"
#include "adapters/http/wire/requests.hpp"

#include <utility>

namespace parley::http {
namespace {

/// A user who was deleted a moment ago may still be known for another one.
error gone_meanwhile(error const& why, request const& call) {
    if (why.code != "user_not_found") return why;
    if (call.caller.key_id) {
        return {error_kind::unauthenticated,
                "invalid_api_key",
                "This API key is not known here.",
                "Authorization",
                {}};
    }
    return {error_kind::unauthenticated,
            "user_deleted",
            "This user was deleted a moment ago. Who comes again is a new one.",
            {},
            {}};
}

task<result<response>> user_response(api_context& api, user shown) {
    interaction_query newest;
    newest.ids_only = true;
    auto const items = co_await api.conversations.list_interactions(shown.user_id, newest);
    if (!items) co_return std::unexpected(items.error());
    std::string body;
    json_writer out{body};
    out.begin_object();
    write_members(out, shown);
    out.key("interaction_list");
    write_id_page(out, *items, newest);
    out.end_object();
    co_return json_response(200, std::move(body));
}

}  // namespace

task<result<response>> get_me::answer(request& call) {
    if (auto ok = no_query(call); !ok) co_return std::unexpected(ok.error());
    auto found = co_await api().identities.get_user(call.caller.user_id);
    if (!found) co_return std::unexpected(gone_meanwhile(found.error(), call));
    co_return co_await user_response(api(), std::move(*found));
}

task<result<response>> update_me::answer(request& call) {
    if (auto ok = no_query(call); !ok) co_return std::unexpected(ok.error());
    auto const body = parse_object(call.header("Content-Type"), call.body);
    if (!body) co_return std::unexpected(body.error());
    auto patch = read_user_patch(*body);
    if (!patch) co_return std::unexpected(patch.error());
    auto changed = co_await api().identities.update_user(call.caller.user_id, std::move(*patch));
    if (!changed) co_return std::unexpected(gone_meanwhile(changed.error(), call));
    co_return co_await user_response(api(), std::move(*changed));
}

}  // namespace parley::http
