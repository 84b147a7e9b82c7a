// How far a command has come, on standard error: a bar that is written over on a terminal, elsewhere a line
// for each tenth of a step. Thread safety: none.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace parley {

class step_progress {
public:
    step_progress();

    /// `share` of the step is done, 0 to 1; `figures` says it in numbers.
    void show(std::string_view step, double share, std::string_view figures);

    /// Takes the bar away, before other lines.
    void clear();

private:
    void draw(std::string_view step, double share, std::string_view figures);

    bool terminal_;
    std::string step_;
    int tenth_ = -1;         // told last, of step_
    std::size_t width_ = 0;  // of the bar that is shown
    std::chrono::steady_clock::time_point drawn_;
};

}  // namespace parley
