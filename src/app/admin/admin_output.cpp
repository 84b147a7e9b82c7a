#include "app/admin/admin_output.hpp"

#include "common/visible_text.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>

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

void hold_standard_streams() {
    std::signal(SIGPIPE, SIG_IGN);
    for (int const number : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        if (::fcntl(number, F_GETFD) >= 0) continue;
        // The lowest free number is the one that is missing. What can only be read refuses to be written.
        static_cast<void>(::open("/dev/null", number == STDERR_FILENO ? O_WRONLY : O_RDONLY));
    }
}

result<void> print_out(std::string_view text) {
    bool const taken = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
    if (taken && std::fflush(stdout) == 0) return {};
    return fail(error_kind::unavailable, "output_lost",
                fmt::format("Standard output can not be written ({}).", std::strerror(errno)));
}

void print_note(std::string_view text) {
    static_cast<void>(std::fwrite(text.data(), 1, text.size(), stderr) == text.size());
}

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
