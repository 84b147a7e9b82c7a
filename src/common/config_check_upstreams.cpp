// What can be said about the list of upstreams. No message shows an address or a header's value: a key may
// stand there.
#include "common/ascii.hpp"
#include "common/config_checks.hpp"
#include "common/config_value.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace parley {
namespace {

using namespace std::chrono_literals;

struct entry_check {
    config_draft& draft;
    std::size_t index;

    [[nodiscard]] upstream_config const& entry() const { return draft.values.upstreams[index]; }
    [[nodiscard]] std::string key(std::string_view name) const { return entry_key("upstreams", index, name); }
    [[nodiscard]] bool wrong(std::string_view name) const { return draft.already_wrong(key(name)); }
    void complain(std::string_view name, std::string what) const {
        draft.complain(draft.source_of(key(name)), key(name), std::move(what));
    }
};

/// Nothing, or what is wrong.
std::string problem_of_address(boost::urls::url_view const& address) {
    if (address.encoded_host().empty()) return "names no host";
    if (address.has_port() && address.port_number() == 0) return "has a port that is not from 1 to 65535";
    if (address.has_query() || address.has_fragment()) return "must end with its path, without ? and #";
    return {};
}

std::string problem_of_base_url(upstream_config const& entry) {
    auto const address = boost::urls::parse_uri(entry.base_url);
    if (!address || (address->scheme() != "https" && address->scheme() != "http")) {
        return "is no address such as https://api.openai.com/v1 or http://localhost:11434/v1";
    }
    if (address->has_userinfo()) {
        return "has a user or a password in it; a key belongs into the variable that api_key_variable names";
    }
    auto wrong = problem_of_address(*address);
    if (!wrong.empty()) return wrong;
    for (std::string_view const added : {"/chat/completions", "/messages"}) {
        if (entry.base_url.ends_with(added)) {
            return fmt::format("ends with {}, which is put behind it with each request; leave it out", added);
        }
    }
    return {};
}

void check_base_url(entry_check const& at) {
    if (at.wrong("base_url")) return;
    if (!at.entry().base_url.empty()) {
        auto wrong = problem_of_base_url(at.entry());
        if (!wrong.empty()) at.complain("base_url", std::move(wrong));
    } else if (!at.draft.already_wrong(entry_name("upstreams", at.index))) {
        at.draft.complain(at.draft.source_of(entry_name("upstreams", at.index)), at.key("base_url"),
                          "is missing; every upstream needs one such as https://api.openai.com/v1");
    }
}

void check_proxy(entry_check const& at) {
    auto const& proxy = at.entry().proxy;
    if (proxy == "environment" || proxy == "none" || at.wrong("proxy")) return;
    auto const address = boost::urls::parse_uri(proxy);
    if (!address || address->scheme() != "http" || !(address->path().empty() || address->path() == "/")) {
        return at.complain("proxy", "must be environment, none or an address such as http://proxy:3128");
    }
    if (address->has_userinfo()) {
        return at.complain("proxy",
                           "has a user or a password in it; secrets come from the environment only: write "
                           "environment, and put the whole address into HTTPS_PROXY");
    }
    auto wrong = problem_of_address(*address);
    if (!wrong.empty()) at.complain("proxy", std::move(wrong));
}

/// RFC 9110, 5.6.2.
bool is_token(std::string_view text) { return !text.empty() && std::ranges::all_of(text, is_token_char); }

std::string problem_of_header(std::string_view header) {
    constexpr std::array<std::string_view, 7> secrets{"authorization", "proxy-authorization", "x-api-key",
                                                      "api-key",       "x-goog-api-key",      "cookie",
                                                      "x-auth-token"};
    constexpr std::array<std::string_view, 16> our_own{"host",
                                                       "content-length",
                                                       "transfer-encoding",
                                                       "content-type",
                                                       "content-encoding",
                                                       "accept",
                                                       "te",
                                                       "trailer",
                                                       "upgrade",
                                                       "connection",
                                                       "keep-alive",
                                                       "expect",
                                                       "proxy-connection",
                                                       "accept-encoding",
                                                       "traceparent",
                                                       "x-request-id"};
    auto const colon = header.find(':');
    auto const name = header.substr(0, colon);
    if (colon == std::string_view::npos || !is_token(name)) {
        return "has an entry that is not written as \"Name: value\"";
    }
    auto const small = ascii_lower(name);
    if (std::ranges::find(secrets, small) != secrets.end()) {
        return fmt::format(
            "{} holds a secret; put it into an environment variable and write that one's name "
            "as api_key_variable",
            name);
    }
    if (std::ranges::find(our_own, small) != our_own.end()) {
        return fmt::format("{} is set by Parley itself", name);
    }
    if (!std::ranges::all_of(header, [](char c) { return c >= ' ' && c <= '~'; })) {
        return fmt::format("the value of {} has characters other than those of ASCII", name);
    }
    return {};
}

void check_headers(entry_check const& at) {
    for (auto const& header : at.entry().headers) {
        auto wrong = problem_of_header(header);
        if (!wrong.empty()) return at.complain("headers", std::move(wrong));
    }
}

void check_left_out(entry_check const& at) {
    constexpr std::array<std::string_view, 3> needed{"model", "messages", "stream"};
    for (auto const& one : at.entry().leave_out) {
        if (std::ranges::find(needed, one) != needed.end()) {
            return at.complain("leave_out", fmt::format("without \"{}\" there is no request", one));
        }
        if (!std::ranges::all_of(one, [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; })) {
            return at.complain("leave_out",
                               fmt::format("\"{}\" is not the name of a parameter such as seed", one));
        }
    }
}

void check_discovery(entry_check const& at) {
    auto every = at.entry().discover_every;
    if (every == 0ms || every >= 1s) return;
    at.complain("discover_every", fmt::format("{} is out of range; it must be 0ms or from 1s to 24h",
                                              show(&every, config_type::duration)));
}

}  // namespace

void check_upstreams(config_draft& draft) {
    auto const list = upstream_list();
    for (std::size_t i = 0; i < draft.values.upstreams.size(); ++i) {
        entry_check const at{draft, i};
        check_name(draft, list, i, "upstream");
        check_base_url(at);
        check_meaning(draft, list, i);
        check_proxy(at);
        check_headers(at);
        check_left_out(at);
        check_discovery(at);
    }
}

}  // namespace parley
