// A script that Redis runs on one key, as one step. It is named by its hash, so that it need not be sent each
// time; a server that does not know it says NOSCRIPT and gets it whole, by which it knows it then.
// Thread safety: immutable.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace parley::redis {

class script {
public:
    /// `text` in Lua, of static lifetime.
    explicit script(std::string_view text);

    /// EVALSHA. Keys and arguments may hold any bytes.
    [[nodiscard]] std::string by_hash(std::string_view key, std::vector<std::string> const& arguments) const;
    /// EVAL.
    [[nodiscard]] std::string whole(std::string_view key, std::vector<std::string> const& arguments) const;

private:
    std::string_view text_;
    std::string hash_;  // SHA-1 in hexadecimal digits: what Redis names scripts by
};

}  // namespace parley::redis
