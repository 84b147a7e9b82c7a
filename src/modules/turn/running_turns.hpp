// The replies that this process is writing now, so that they can be stopped and waited for.
// Thread safety: every function from any thread.
#pragma once

#include "common/id.hpp"
#include "common/wakeup.hpp"
#include "services/language_model.hpp"

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <utility>

namespace parley {

/// Why a generation is being ended from outside. The first one counts.
enum class stop_cause { none, asked, shutdown };

/// One running reply. The runner checks the cause; whoever wants it ended sets it.
class turn_control {
public:
    void stop(stop_cause cause);
    [[nodiscard]] stop_cause cause() const;

    /// Whether the server shuts down, also when the reply was being stopped for another reason before.
    [[nodiscard]] bool shutting_down() const;

    /// The runner lends its generation while that lives, so that stop() can reach it.
    void attach(generation* running);
    void detach();

    /// The same for a runner that waits: it is notified when the reply should end. Null: no more.
    void attach(wakeup* sleeper);

private:
    mutable std::mutex mutex_;
    stop_cause cause_ = stop_cause::none;  // guarded by mutex_
    bool shutting_down_ = false;           // guarded by mutex_
    generation* running_ = nullptr;        // guarded by mutex_
    wakeup* sleeper_ = nullptr;            // guarded by mutex_
};

class running_turns {
public:
    /// Null once the server shuts down: no turn may begin any more. Null, too, when it is there already.
    [[nodiscard]] std::shared_ptr<turn_control> add(message_id reply, interaction_id in);
    void remove(message_id reply);

    /// Puts another id in the place of one that is there, also while the server shuts down. False when the
    /// other is there already.
    [[nodiscard]] bool rename(message_id from, message_id to);

    /// Whether one is being written in the interaction.
    [[nodiscard]] bool any_in(interaction_id in);

    [[nodiscard]] bool has(message_id reply);

    /// False when this process does not write that reply.
    bool stop(message_id reply);

    /// The reply that is being written in an interaction, if this process does it.
    void stop_in(interaction_id in);

    /// Refuses new turns and waits until those that run have ended by themselves, at most `grace`; then ends
    /// them and waits for that as well, at most `grace` again but no less than 5 s. False when some are left.
    /// Blocks: not for an event loop.
    [[nodiscard]] bool drain(std::chrono::milliseconds grace);

    /// Makes add() return null from now on.
    void refuse();
    [[nodiscard]] bool refusing();

private:
    struct entry {
        interaction_id in;
        std::shared_ptr<turn_control> control;
    };

    std::mutex mutex_;
    std::condition_variable emptied_;
    std::unordered_map<message_id, entry, id_hash> running_;  // guarded by mutex_
    bool refusing_ = false;                                   // guarded by mutex_
};

/// Takes the reply out of the list of running ones, however its runner ends.
class registration {
public:
    registration(running_turns& turns, message_id reply) : turns_(&turns), reply_(reply) {}
    registration(registration&& other) noexcept
        : turns_(std::exchange(other.turns_, nullptr)),
          reply_(other.reply_) {}
    registration& operator=(registration&&) = delete;
    ~registration() { leave(); }

    /// See running_turns::rename.
    [[nodiscard]] bool become(message_id reply) {
        if (!turns_->rename(reply_, reply)) return false;
        reply_ = reply;
        return true;
    }

    void leave() {
        if (auto* const turns = std::exchange(turns_, nullptr)) turns->remove(reply_);
    }

private:
    running_turns* turns_;
    message_id reply_;
};

}  // namespace parley
