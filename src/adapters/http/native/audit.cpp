#include "adapters/http/native/audit.hpp"

#include "common/log.hpp"

#include <string>

namespace parley::http {

void audit(request const& call, std::string_view act, user_id const& of, std::optional<key_id> const& key) {
    auto const by = call.caller.user_id.text();
    auto const with = call.caller.key_id ? call.caller.key_id->text() : std::string{};
    auto const whose = of.text();
    auto const which = key ? key->text() : std::string{};
    log::audit(act, {{"by_user", std::string_view{by}},
                     {"by_key", std::string_view{with}},
                     {"user_id", std::string_view{whose}},
                     {"key_id", std::string_view{which}},
                     {"request_id", std::string_view{call.request_id}}});
}

}  // namespace parley::http
