// How often masking is right: precision and recall on a labelled set. A place counts as found when its kind
// and both its ends are right.
#include "modules/transform/mask.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iostream>
#include <optional>
#include <string>

namespace parley {
namespace {

constexpr std::array kinds{masked::email, masked::phone, masked::card};

struct labelled_text {
    std::string text;
    found_texts labels;
};

/// "Write to {{email|ada@example.org}}."
labelled_text read_labels(std::string_view line) {
    labelled_text read;
    while (true) {
        auto const open = line.find("{{");
        auto const bar = line.find('|', open);
        auto const close = line.find("}}", bar);
        if (open == std::string_view::npos || close == std::string_view::npos) break;
        read.text += line.substr(0, open);
        auto const kind = parse_masked(line.substr(open + 2, bar - open - 2));
        EXPECT_TRUE(kind.has_value()) << line;
        auto const begin = read.text.size();
        read.text += line.substr(bar + 1, close - bar - 1);
        read.labels.push_back({begin, read.text.size(), kind.value_or(masked::email)});
        line.remove_prefix(close + 2);
    }
    read.text += line;
    return read;
}

struct score {
    double right = 0;
    double found = 0;
    double labelled = 0;

    [[nodiscard]] double precision() const { return found > 0 ? right / found : 0; }
    [[nodiscard]] double recall() const { return labelled > 0 ? right / labelled : 0; }
};

void count(score& of_kind, masked kind, labelled_text const& one, found_texts const& found) {
    auto const is_kind = [kind](found_text const& place) { return place.kind == kind; };
    of_kind.found += static_cast<double>(std::ranges::count_if(found, is_kind));
    of_kind.labelled += static_cast<double>(std::ranges::count_if(one.labels, is_kind));
    of_kind.right += static_cast<double>(std::ranges::count_if(found, [&](found_text const& place) {
        return is_kind(place) && std::ranges::find(one.labels, place) != one.labels.end();
    }));
}

TEST(mask_quality, is_above_its_floor_on_the_labelled_set) {
    std::ifstream in{"tests/unit/modules/mask_cases.txt"};
    ASSERT_TRUE(in);
    std::array<score, kinds.size()> scores{};
    std::size_t texts = 0;
    for (std::string line; std::getline(in, line);) {
        if (line.empty() || line.starts_with("# ")) continue;
        auto const one = read_labels(line);
        auto const found = find_masked(one.text, kinds);
        for (std::size_t i = 0; i < kinds.size(); ++i) count(scores[i], kinds[i], one, found);
        if (found != one.labels)
            std::cout << "  wrong: " << line << "\n     as: " << mask_text(one.text, kinds) << "\n";
        ++texts;
    }
    EXPECT_GE(texts, 400U);
    constexpr double floor = 0.95;
    for (std::size_t i = 0; i < kinds.size(); ++i) {
        auto const name = std::string{to_text(kinds[i])};
        std::cout << fmt::format("{}: {} labelled, {} found, precision {:.3f}, recall {:.3f}\n", name,
                                 scores[i].labelled, scores[i].found, scores[i].precision(),
                                 scores[i].recall());
        RecordProperty(name + "_precision", fmt::format("{:.3f}", scores[i].precision()));
        RecordProperty(name + "_recall", fmt::format("{:.3f}", scores[i].recall()));
        EXPECT_GE(scores[i].labelled, 50) << name;
        EXPECT_GE(scores[i].precision(), floor) << name;
        EXPECT_GE(scores[i].recall(), floor) << name;
    }
}

}  // namespace
}  // namespace parley
