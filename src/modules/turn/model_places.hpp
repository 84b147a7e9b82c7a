// Which turns have been accepted and not yet handed to their model. The model does not count them, so that a
// burst of requests would be accepted that the model refuses a moment later, when their messages are stored.
// Thread safety: all functions from any thread. Ownership: outlives the places it gives.
#pragma once

#include "common/error.hpp"
#include "services/language_model.hpp"

#include <cstddef>
#include <mutex>
#include <unordered_map>
#include <utility>

namespace parley {

class model_places {
public:
    /// One turn's place; free again when this ends, which it should when the model has the turn.
    class place {
    public:
        place(model_places& among, language_model const& model) : among_(&among), model_(&model) {}
        place(place&& other) noexcept : among_(std::exchange(other.among_, nullptr)), model_(other.model_) {}
        place& operator=(place&&) = delete;
        ~place() { leave(); }

        void leave() {
            if (auto* const among = std::exchange(among_, nullptr)) among->leave(*model_);
        }

    private:
        model_places* among_;
        language_model const* model_;
    };

    /// Errors: unavailable (model_loading, model_failed); overloaded (queue_full).
    [[nodiscard]] result<place> take(language_model const& model);

private:
    void leave(language_model const& model);

    std::mutex mutex_;
    std::unordered_map<language_model const*, std::size_t> taken_;  // guarded by mutex_
};

}  // namespace parley
