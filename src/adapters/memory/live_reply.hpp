// One reply while it is being written: its text so far, how it ended, and who waits for more.
// Thread safety: all functions from any thread.
#pragma once

#include "common/wakeup.hpp"
#include "entities/message.hpp"
#include "services/reply_feed.hpp"

#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parley {

class live_reply {
public:
    /// The most that one feed_delta carries, in bytes.
    static constexpr std::size_t longest_piece = 64 * 1024;

    /// How far a reader is, in bytes.
    struct place {
        std::size_t text = 0;
        std::size_t reasoning = 0;
    };

    /// Where a reader begins that has read so much of the text.
    [[nodiscard]] place begin(std::size_t text);

    void append(std::string_view text);
    void append_reasoning(std::string_view text);
    /// Only the first of finish and abandon counts.
    void finish(message reply);
    void abandon();

    /// `sleeper` is told of every change from now on until it is removed.
    void add(wakeup& sleeper);
    void remove(wakeup& sleeper);

    /// The thoughts and the text from `at` on, which it moves forward; the end when there is no more of them;
    /// or feed_idle.
    [[nodiscard]] feed_event next(place& at);

private:
    void wake_all();  // with guard_ held

    std::mutex guard_;
    std::string text_;  // guarded, as all below
    std::string reasoning_;
    std::optional<message> finished_;
    bool abandoned_ = false;
    std::vector<wakeup*> sleepers_;
};

}  // namespace parley
