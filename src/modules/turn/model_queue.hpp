// The line before each model: bounded, and fair between users. A model works on a few generations at once;
// whoever comes beyond that waits here, and when a place becomes free it goes to the users in turn, to each
// one's oldest request first. So a user with fifty requests does not starve another one with one. Work in the
// background (titles) gets a place only when no chat waits.
//
// Thread safety: all functions from any thread; a seat belongs to one coroutine. Ownership: outlives the
// seats it gives; the models outlive it.
#pragma once

#include "common/error.hpp"
#include "common/id.hpp"
#include "services/language_model.hpp"
#include "services/metrics.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <unordered_map>

namespace parley {

class model_queue {
    struct line;
    struct entry;

public:
    enum class admission {
        bounded,     // a chat: refused when the line is full
        promised,    // a chat that was accepted before: never refused
        background,  // behind all chats, and takes no place of theirs; refused when as many wait as chats may
    };

    /// A place in the line, later one at the model; given back when it is destroyed.
    class seat {
    public:
        seat(std::shared_ptr<line> in, std::shared_ptr<entry> own);
        seat(seat&& other) noexcept = default;
        seat& operator=(seat&&) = delete;
        ~seat() { leave(); }

        /// Whether the model may be asked now.
        [[nodiscard]] bool granted() const;

        /// How many are served before it.
        [[nodiscard]] std::size_t ahead() const;

        /// `call` is made, from any thread, when it may be granted or stand elsewhere. Set once, before
        /// granted() is looked at; it is called no more once the seat has left or was dropped.
        void notify(std::function<void()> call);

        void leave();

    private:
        std::shared_ptr<line> in_;
        std::shared_ptr<entry> own_;
    };

    explicit model_queue(metrics& seen) : seen_(seen) {}

    /// Errors: unavailable (model_loading, model_failed); overloaded (queue_full).
    [[nodiscard]] result<seat> take(language_model const& model, user_id user, admission how);

private:
    [[nodiscard]] std::shared_ptr<line> line_of(language_model const& model, model_info const& info);

    metrics& seen_;
    std::mutex guard_;
    std::unordered_map<language_model const*, std::shared_ptr<line>> lines_;  // guarded
};

}  // namespace parley
