// Who has asked for the replies that wait, so that their requests to other servers carry that trace. Kept in
// memory only: a reply that another process takes over, or that waits through a restart, has none.
//
// Thread safety: every function from any thread.
#pragma once

#include "common/id.hpp"
#include "services/language_model.hpp"

#include <cstddef>
#include <deque>
#include <mutex>
#include <unordered_map>
#include <utility>

namespace parley {

class waiting_traces {
public:
    /// Beyond `most` the oldest is forgotten: replies that are withdrawn are never taken.
    explicit waiting_traces(std::size_t most = 10'000) : most_(most) {}

    void put(message_id reply, trace_context of) {
        if (of.traceparent.empty() && of.request_id.empty()) return;
        std::scoped_lock const lock{guard_};
        if (!traces_.insert_or_assign(reply, std::move(of)).second) return;
        order_.push_back(reply);
        if (order_.size() <= most_) return;
        traces_.erase(order_.front());
        order_.pop_front();
    }

    /// Empty when none was put.
    [[nodiscard]] trace_context take(message_id reply) {
        std::scoped_lock const lock{guard_};
        auto const found = traces_.find(reply);
        if (found == traces_.end()) return {};
        auto of = std::move(found->second);
        traces_.erase(found);
        std::erase(order_, reply);
        return of;
    }

private:
    std::size_t const most_;
    std::mutex guard_;
    std::unordered_map<message_id, trace_context, id_hash> traces_;  // guarded, as below
    std::deque<message_id> order_;                                   // of putting
};

}  // namespace parley
