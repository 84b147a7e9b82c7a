#include "adapters/upstream/thought_splitter.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace parley::upstream {
namespace {

constexpr std::string_view opening = "<think>";
constexpr std::string_view closing = "</think>";
constexpr std::string_view white_space = " \t\r\n";
constexpr std::size_t most_white_space = 64;  // before the opening

/// How many of the last characters may be the beginning of `word`.
std::size_t begun_at_end(std::string_view text, std::string_view word) {
    for (auto length = std::min(text.size(), word.size() - 1); length > 0; --length) {
        if (text.ends_with(word.substr(0, length))) return length;
    }
    return 0;
}

}  // namespace

thought_splitter::split thought_splitter::feed(std::string_view text) {
    split out;
    kept_ += text;
    while (step(out)) continue;
    return out;
}

/// True when the place has changed, and there may be more to do.
bool thought_splitter::step(split& out) {
    auto const before = place_;
    if (place_ == place::beginning) {
        auto const blank = std::min(kept_.find_first_not_of(white_space), kept_.size());
        auto const rest = std::string_view{kept_}.substr(blank);
        if (blank > most_white_space || !(rest.starts_with(opening) || opening.starts_with(rest))) {
            place_ = place::said;
        } else if (rest.starts_with(opening)) {
            kept_ = std::string{rest.substr(opening.size())};
            place_ = place::thought;
        }
    } else if (place_ == place::thought) {
        auto const end = kept_.find(closing);
        auto const sure = end == std::string::npos ? kept_.size() - begun_at_end(kept_, closing) : end;
        out.thought += kept_.substr(0, sure);
        kept_.erase(0, end == std::string::npos ? sure : end + closing.size());
        if (end != std::string::npos) place_ = place::between;
    } else if (place_ == place::between) {
        kept_.erase(0, std::min(kept_.find_first_not_of(white_space), kept_.size()));
        if (!kept_.empty()) place_ = place::said;
    } else {
        out.said += std::exchange(kept_, {});
    }
    return place_ != before;
}

thought_splitter::split thought_splitter::finish() {
    split out;
    (place_ == place::thought ? out.thought : out.said) = std::exchange(kept_, {});
    return out;
}

}  // namespace parley::upstream
