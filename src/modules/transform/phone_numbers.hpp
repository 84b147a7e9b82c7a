// Finds phone numbers, international ones and those that are written as in one country.
#pragma once

#include "modules/transform/found_text.hpp"
#include "modules/transform/number_run.hpp"

#include <cstddef>
#include <string_view>

namespace parley {

/// Looks through the runs of one text from its beginning to its end; keeps the text's view.
class phone_finder {
public:
    explicit phone_finder(std::string_view text) : text_{text} {}

    /// The phone numbers of the next run beside what is `taken` by others, in the order of the text. A run
    /// may be left out; none may come twice.
    [[nodiscard]] found_texts in(number_run const& run, found_texts const& taken);

private:
    /// The last group of the longest number that begins with group `first` and ends before byte `until`; npos
    /// when none does.
    [[nodiscard]] std::size_t last_of_international(number_run const& run, std::size_t first,
                                                    std::size_t until) const;
    [[nodiscard]] std::size_t last_of_national(number_run const& run, std::size_t first,
                                               std::size_t until) const;

    std::string_view text_;
    std::size_t barrier_ = 0;                        // words before it speak of another number
    std::size_t last_end_ = std::string_view::npos;  // of the last phone number
};

}  // namespace parley
