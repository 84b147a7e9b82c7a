// A MongoDB URI taken apart and put together again, as far as tests need it. Thread safety: any.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace parley::test {

/// mongodb://[login@]host[:port][,host[:port]…][/[database]][?options]
struct mongo_address {
    std::string login;  // with its @
    std::string host;   // the first
    std::uint16_t port = 27017;
    std::string options;  // without the ?

    /// Throws on what is no such address, as one that starts with mongodb+srv.
    explicit mongo_address(std::string_view uri) {
        constexpr std::string_view scheme = "mongodb://";
        if (!uri.starts_with(scheme))
            throw std::invalid_argument("tests want an address like mongodb://host");
        uri.remove_prefix(scheme.size());
        if (auto const mark = uri.find('?'); mark != uri.npos) {
            options = uri.substr(mark + 1);
            uri = uri.substr(0, mark);
        }
        if (auto const at = uri.rfind('@'); at != uri.npos) {
            login = uri.substr(0, at + 1);
            uri.remove_prefix(at + 1);
        }
        uri = uri.substr(0, uri.find('/'));
        uri = uri.substr(0, uri.find(','));
        auto const colon = uri.rfind(':');
        if (colon != uri.npos && uri.find(']', colon) == uri.npos) {
            port = static_cast<std::uint16_t>(std::stoi(std::string{uri.substr(colon + 1)}));
            uri = uri.substr(0, colon);
        }
        host = uri;
        if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    }

    /// Whether a proxy that reads along can stand in between.
    [[nodiscard]] bool is_plain() const {
        return options.find("tls=true") == options.npos && options.find("ssl=true") == options.npos &&
               options.find("compressors=") == options.npos;
    }

    /// The same by way of a proxy on this port of the loopback, which leads to one member of a set.
    [[nodiscard]] std::string by_way_of(std::uint16_t proxy) const {
        std::string out = "mongodb://" + login + "127.0.0.1:" + std::to_string(proxy) + "/";
        if (!options.empty()) out += "?" + options + "&directConnection=true";
        return out;
    }
};

/// `uri` with one more option, such as "w=1".
[[nodiscard]] inline std::string with_option(std::string uri, std::string_view option) {
    auto const mark = uri.find('?');
    if (mark == uri.npos && uri.find('/', std::string_view{"mongodb://"}.size()) == uri.npos) uri += '/';
    if (mark == uri.npos) return uri.append("?").append(option);
    if (uri.back() != '?') uri += '&';
    return uri.append(option);
}

}  // namespace parley::test
