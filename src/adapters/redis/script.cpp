#include "adapters/redis/script.hpp"

#include "adapters/redis/protocol.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <cstddef>
#include <stdexcept>

namespace parley::redis {
namespace {

std::string sha1_of(std::string_view text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha1(), nullptr) != 1)
        throw std::runtime_error("OpenSSL has no SHA-1");
    std::string out;
    for (unsigned i = 0; i < size; ++i) out += fmt::format("{:02x}", digest.at(i));
    return out;
}

std::string command(std::string_view word, std::string_view what, std::string_view key,
                    std::vector<std::string> const& arguments) {
    std::vector<std::string_view> words{word, what, "1", key};
    words.insert(words.end(), arguments.begin(), arguments.end());
    return format_command(words);
}

}  // namespace

script::script(std::string_view text) : text_(text), hash_(sha1_of(text)) {}

std::string script::by_hash(std::string_view key, std::vector<std::string> const& arguments) const {
    return command("EVALSHA", hash_, key, arguments);
}

std::string script::whole(std::string_view key, std::vector<std::string> const& arguments) const {
    return command("EVAL", text_, key, arguments);
}

}  // namespace parley::redis
