// The text of one reply on its way from tokens to the reader: whole characters, ended by a stop string.
// Thread safety: none.
#pragma once

#include "common/stop_filter.hpp"
#include "common/utf8_stream.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley {

class reply_text {
public:
    explicit reply_text(std::vector<std::string> stops) : filter_(std::move(stops)) {}

    /// Takes a token's bytes and returns what may be shown now.
    [[nodiscard]] std::string feed(std::string_view bytes) { return filter_.feed(characters_.feed(bytes)); }

    /// At the end: what was held back as a possible stop string. An unfinished character is dropped.
    [[nodiscard]] std::string finish() { return filter_.finish(); }

    [[nodiscard]] bool stop_string_came() const { return filter_.matched(); }

private:
    utf8_stream characters_;
    stop_filter filter_;
};

}  // namespace parley
