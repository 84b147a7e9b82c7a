#include "common/id.hpp"

#include "common/ascii.hpp"

#include <sys/random.h>

#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <span>

namespace parley {
namespace {

/// "00", "01" … "ff".
constexpr auto hex_pairs = [] {
    constexpr std::string_view digits = "0123456789abcdef";
    std::array<std::array<char, 2>, 256> pairs{};
    for (std::size_t byte = 0; byte < pairs.size(); ++byte)
        pairs[byte] = {digits[byte / 16], digits[byte % 16]};
    return pairs;
}();

/// Random bytes from the kernel, fetched in blocks: one system call for some 500 ids.
class random_source {
public:
    void fill(std::span<std::uint8_t> out) {
        for (auto& byte : out) {
            if (next_ == buffer_.size()) refill();
            byte = buffer_[next_++];
        }
    }

private:
    void refill() {
        std::size_t done = 0;
        while (done < buffer_.size()) {
            auto const got = ::getrandom(buffer_.data() + done, buffer_.size() - done, 0);
            if (got > 0) done += static_cast<std::size_t>(got);
        }
        next_ = 0;
    }

    std::array<std::uint8_t, 4096> buffer_{};
    std::size_t next_ = buffer_.size();
};

/// Nanoseconds since 1970, strictly increasing by at least 250 ns within the calling thread.
std::uint64_t monotonic_unix_time() {
    constexpr std::uint64_t step_ns = 250;
    thread_local std::uint64_t last = 0;
    auto const now = std::chrono::duration_cast<std::chrono::nanoseconds>(
                         std::chrono::system_clock::now().time_since_epoch())
                         .count();
    auto const at = static_cast<std::uint64_t>(now) / step_ns;
    last = at > last ? at : last + 1;
    return last * step_ns;
}

constexpr bool dash_before(std::size_t byte) { return byte == 4 || byte == 6 || byte == 8 || byte == 10; }

}  // namespace

uuid_bytes new_uuid() {
    thread_local random_source random;
    uuid_bytes bytes{};
    random.fill(std::span{bytes}.subspan(8));

    auto const ns = monotonic_unix_time();
    auto const ms = ns / 1'000'000;
    for (std::size_t i = 0; i < 6; ++i) bytes[i] = static_cast<std::uint8_t>(ms >> (40 - 8 * i));
    // rand_a carries the fraction of the millisecond: RFC 9562 §6.2, method 3.
    auto const fraction = (ns % 1'000'000) * 4096 / 1'000'000;
    bytes[6] = static_cast<std::uint8_t>(0x70 | (fraction >> 8));
    bytes[7] = static_cast<std::uint8_t>(fraction);
    bytes[8] = static_cast<std::uint8_t>(0x80 | (bytes[8] & 0x3f));
    return bytes;
}

std::string uuid_text(uuid_bytes const& value) {
    std::string text(uuid_text_size, '-');
    write_uuid(value, std::span<char, uuid_text_size>{text.data(), uuid_text_size});
    return text;
}

void write_uuid(uuid_bytes const& value, std::span<char, uuid_text_size> out) {
    auto* at = out.data();
    for (std::size_t i = 0; i < value.size(); ++i) {
        if (dash_before(i)) *at++ = '-';
        auto const& digits = hex_pairs[value[i]];
        *at++ = digits[0];
        *at++ = digits[1];
    }
}

std::optional<uuid_bytes> parse_uuid(std::string_view text) {
    if (text.size() != 36) return std::nullopt;
    uuid_bytes bytes{};
    std::size_t at = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (dash_before(i) && text[at++] != '-') return std::nullopt;
        auto const high = hex_value(text[at]);
        auto const low = hex_value(text[at + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        bytes[i] = static_cast<std::uint8_t>(high * 16 + low);
        at += 2;
    }
    return bytes;
}

}  // namespace parley
