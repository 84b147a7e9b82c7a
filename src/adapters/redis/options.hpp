// Where a Redis is and how to talk to it. Values only.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace parley::redis {

struct endpoint {
    std::string host;  // a name or an IP address without brackets
    std::uint16_t port = 6379;
    bool operator==(endpoint const&) const = default;
};

/// What a URI says.
struct address {
    std::vector<endpoint> nodes;  // the server, or the sentinels
    std::string master;           // the name the sentinels know it by; empty: no sentinels
    bool tls = false;             // towards servers and sentinels
    std::string user;
    std::string password;
    unsigned database = 0;
    std::string sentinel_user;
    std::string sentinel_password;
    bool operator==(address const&) const = default;
};

struct options {
    address where;
    std::string ca_file;                               // PEM; empty: the system's authorities
    std::chrono::milliseconds command_timeout{100};    // for each command; the probe of a new connection too
    std::chrono::milliseconds connect_timeout{1'000};  // for each step: resolve, connect, TLS, greeting
    std::chrono::milliseconds idle_check{1'000};       // a silent connection is asked this often
    std::chrono::milliseconds first_pause{50};         // between two attempts; doubles
    std::chrono::milliseconds longest_pause{2'000};
};

}  // namespace parley::redis
