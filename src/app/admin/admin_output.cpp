#include "app/admin/admin_output.hpp"

#include "common/visible_text.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

namespace parley {
namespace {

std::string words_of(boost::json::object const& in, std::string_view name) {
    auto const* const list = in.if_contains(name);
    if (list == nullptr || !list->is_array()) return "-";
    std::string out;
    for (auto const& one : list->get_array()) {
        if (one.is_string()) out += (out.empty() ? "" : ",") + visible_line(one.get_string());
    }
    return out;
}

}  // namespace

std::string text_of(boost::json::object const& in, std::string_view name) {
    auto const* const value = in.if_contains(name);
    if (value == nullptr || value->is_null()) return "-";
    return visible_line(value->is_string() ? std::string{value->get_string()}
                                           : boost::json::serialize(*value));
}

std::string row_of_user(boost::json::object const& user) {
    auto const* const admin = user.if_contains("is_admin");
    bool const is_admin = admin != nullptr && admin->is_bool() && admin->get_bool();
    return fmt::format("{}  {}  {}  {}\n", text_of(user, "user_id"), text_of(user, "created_at"),
                       is_admin ? "admin" : "-", text_of(user, "name"));
}

std::string row_of_key(boost::json::object const& key) {
    return fmt::format("{}  {}…  {}  expires {}  used {}  {}\n", text_of(key, "key_id"), text_of(key, "hint"),
                       words_of(key, "scopes"), text_of(key, "expires_at"), text_of(key, "last_used_at"),
                       text_of(key, "name"));
}

}  // namespace parley
