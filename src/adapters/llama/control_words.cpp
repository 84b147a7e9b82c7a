#include "adapters/llama/control_words.hpp"

#include <algorithm>
#include <functional>

namespace parley {

namespace {

constexpr std::string_view white_space = " \t\n\v\f\r";  // what isspace() says, as llama.cpp does

std::string_view without_space_before(std::string_view text) {
    return text.substr(std::min(text.find_first_not_of(white_space), text.size()));
}

std::string_view without_space_behind(std::string_view text) {
    return text.substr(0, text.find_last_not_of(white_space) + 1);
}

std::size_t first_character(std::string_view text) {
    std::size_t length = 1;
    while (length < text.size() && (static_cast<unsigned char>(text[length]) & 0xC0U) == 0x80U) ++length;
    return length;
}

/// How far it is from `at` to the next byte that was said. `next`: the first span that may lie behind `at`.
std::size_t unsaid(rendered_text const& rendered, std::size_t at, std::size_t& next) {
    while (next < rendered.said.size() && rendered.said[next].end <= at) ++next;
    auto const end = next < rendered.said.size() ? rendered.said[next].begin : rendered.text.size();
    return end > at ? end - at : 0;
}

}  // namespace

control_words::control_words(std::vector<control_word> const& all) {
    for (auto const& word : all) {
        words_.emplace(word.text, by_text{word.token, word.eats_space_before, word.eats_space_after});
        lengths_.push_back(word.text.size());
        begins_[static_cast<unsigned char>(word.text.front())] = true;
    }
    std::ranges::sort(lengths_, std::greater{});
    auto const doubles = std::ranges::unique(lengths_);
    lengths_.erase(doubles.begin(), doubles.end());
}

control_words::table::value_type const* control_words::word_at(std::string_view text, std::size_t at,
                                                               std::size_t longest) const {
    if (!begins_[static_cast<unsigned char>(text[at])]) return nullptr;
    for (auto const length : lengths_) {
        if (length > longest) continue;
        auto const found = words_.find(text.substr(at, length));
        if (found != words_.end()) return &*found;
    }
    return nullptr;
}

std::vector<control_words::stretch> control_words::cut(rendered_text const& rendered) const {
    std::string_view const text = rendered.text;
    std::vector<stretch> stretches;
    std::size_t next = 0;
    std::size_t begin = 0;
    bool eats_space = false;
    auto const plain = [&](std::size_t end) {
        auto const found = text.substr(begin, end - begin);
        return eats_space ? without_space_before(found) : found;
    };
    for (std::size_t at = 0; at < text.size();) {
        auto const* word = word_at(text, at, unsaid(rendered, at, next));
        if (word == nullptr) {
            ++at;
            continue;
        }
        auto const& [spelling, meaning] = *word;
        auto const before = plain(at);
        stretches.push_back(
            {meaning.eats_space_before ? without_space_behind(before) : before, meaning.token});
        eats_space = meaning.eats_space_after;
        at += spelling.size();
        begin = at;
    }
    stretches.push_back({plain(text.size()), std::nullopt});
    return stretches;
}

bool control_words::stand_in(std::string_view text) const {
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (word_at(text, at, text.size() - at) != nullptr) return true;
    }
    return false;
}

std::string control_words::broken(std::string_view text) const {
    std::string safe;
    for (std::size_t at = 0; at < text.size();) {
        auto const* word = word_at(text, at, text.size() - at);
        if (word == nullptr) {
            safe += text[at++];
            continue;
        }
        auto const first = first_character(word->first);
        if (first < word->first.size()) safe += text.substr(at, first);
        safe += ' ';
        at += first;
    }
    return safe;
}

}  // namespace parley
