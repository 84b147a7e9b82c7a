// Where a reply's text passes from the engine's thread to the coroutine that awaits it.
// Thread safety: every function from any thread.
#pragma once

#include "common/wakeup.hpp"
#include "services/language_model.hpp"

#include <atomic>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace parley {

/// Text that is not fetched in time is merged: a slow reader holds nobody up. Shared by the writer (a
/// generation_job) and the reader (a llama_generation), either of which may go first.
class mailbox {
public:
    /// `reader` is notified of everything new until detach(). With a price the end's usage gets its cost.
    explicit mailbox(wakeup& reader, std::optional<token_price> price = std::nullopt)
        : reader_(&reader),
          price_(price) {}

    void append(std::string_view text);
    /// What is thought before the answer: is told before all of that which has not been fetched.
    void append_reasoning(std::string_view text);
    /// The first one counts.
    void finish(generation_end end);

    /// All text since the last call, then the end; nullopt while there is neither.
    [[nodiscard]] std::optional<generation_event> take();

    /// Asks the writer to end; it looks before every batch.
    void ask_to_stop() noexcept { stop_asked_ = true; }
    [[nodiscard]] bool stop_asked() const noexcept { return stop_asked_; }

    /// The reader goes: nobody is notified any more, and the writer is asked to stop.
    void detach();

private:
    std::atomic<bool> stop_asked_ = false;
    std::mutex mutex_;
    wakeup* reader_;  // guarded by mutex_, as all below
    std::optional<token_price> const price_;
    std::string reasoning_;
    std::string text_;
    std::optional<generation_end> end_;
};

}  // namespace parley
