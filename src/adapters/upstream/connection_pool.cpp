#include "adapters/upstream/connection_pool.hpp"

#include <boost/asio/execution/context.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <atomic>
#include <deque>
#include <unordered_map>
#include <utility>

namespace parley::upstream {
namespace {

namespace asio = boost::asio;
using steady = std::chrono::steady_clock;

struct waiting_line {
    std::unique_ptr<connection> line;
    steady::time_point since;
};

std::uint64_t next_id() {
    static std::atomic<std::uint64_t> last = 0;
    return ++last;
}

}  // namespace

/// What waits on one loop. Its lines are touched on that loop only.
class connection_pool::shelf {
public:
    shelf(asio::any_io_executor on, std::weak_ptr<connection_pool> of_whom)
        : executor(std::move(on)),
          owner(std::move(of_whom)) {}

    asio::any_io_executor const executor;
    std::weak_ptr<connection_pool> const owner;
    std::deque<waiting_line> lines;  // the oldest first
    std::size_t allowed = 0;         // how many lines may be there; guarded by the pool's mutex

    /// From any thread; nothing happens when the loop is going or gone.
    template <class Work>
    void on_its_loop(Work work) {
        std::lock_guard const lock(mutex_);
        if (has_loop_) asio::post(executor, std::move(work));
    }
    void lose_loop() {
        std::lock_guard const lock(mutex_);
        has_loop_ = false;
    }

private:
    std::mutex mutex_;      // a pool can go while the loop does: the context must not be touched then
    bool has_loop_ = true;  // guarded by mutex_
};

/// All shelves of one loop: a service of its context, so that no socket outlives it.
class connection_pool::shelves_of_loop : public asio::execution_context::service {
public:
    using key_type = shelves_of_loop;
    static asio::execution_context::id id;

    explicit shelves_of_loop(asio::execution_context& context) : service(context) {}

    void shutdown() override {
        for (auto& [number, one] : std::exchange(shelves, {})) {
            one->lose_loop();
            if (auto const owner = one->owner.lock()) owner->forget(*one);
            one->lines.clear();
        }
    }

    std::unordered_map<std::uint64_t, std::shared_ptr<shelf>> shelves;  // by the pool's id
};

asio::execution_context::id connection_pool::shelves_of_loop::id;

connection_pool::lease::lease(std::shared_ptr<connection_pool> owner, asio::any_io_executor executor,
                              std::unique_ptr<connection> kept)
    : owner_(std::move(owner)),
      executor_(std::move(executor)),
      line_(std::move(kept)) {}

connection_pool::lease::~lease() {
    line_.reset();
    std::lock_guard const lock(owner_->mutex_);
    --owner_->in_use_;
    owner_->tell();
}

void connection_pool::lease::give_back() {
    if (!line_) return;
    auto const place = owner_->shelf_on(executor_);
    {
        std::lock_guard const lock(owner_->mutex_);
        // This place itself becomes free in a moment.
        if (owner_->in_use_ + owner_->idle_ > owner_->bounds_.connections) return;
        ++place->allowed;
        ++owner_->idle_;
    }
    place->lines.push_back({std::move(line_), steady::now()});
}

connection_pool::connection_pool(std::string upstream, limits bounds, metrics& statistics)
    : upstream_(std::move(upstream)),
      bounds_(bounds),
      statistics_(statistics),
      id_(next_id()) {}

connection_pool::~connection_pool() {
    std::lock_guard const lock(mutex_);
    for (auto const& one : shelves_) {
        one->on_its_loop([one, number = id_] {
            one->lines.clear();
            auto& context = asio::query(one->executor, asio::execution::context);
            asio::use_service<shelves_of_loop>(context).shelves.erase(number);
        });
    }
}

std::shared_ptr<connection_pool::shelf> connection_pool::shelf_on(asio::any_io_executor const& executor) {
    auto& context = asio::query(executor, asio::execution::context);
    auto& place = asio::use_service<shelves_of_loop>(context).shelves[id_];
    if (!place) {
        place = std::make_shared<shelf>(executor, weak_from_this());
        std::lock_guard const lock(mutex_);
        shelves_.push_back(place);
    }
    return place;
}

std::unique_ptr<connection_pool::lease> connection_pool::take(asio::any_io_executor const& executor,
                                                              bool kept) {
    auto const place = shelf_on(executor);
    auto const oldest = steady::now() - bounds_.idle_for;
    std::vector<waiting_line> closing;  // outside of the lock
    std::unique_ptr<connection> found;
    std::unique_lock lock(mutex_);
    auto& lines = place->lines;
    // The oldest go first, whether they were called off by another loop or have waited too long.
    while (!lines.empty() && (lines.size() > place->allowed || lines.front().since < oldest ||
                              (kept && !lines.back().line->is_quiet()))) {
        auto const called_off = lines.size() > place->allowed;
        auto const from_front = called_off || lines.front().since < oldest;
        closing.push_back(std::move(from_front ? lines.front() : lines.back()));
        if (from_front) {
            lines.pop_front();
        } else {
            lines.pop_back();
        }
        if (called_off) continue;
        --place->allowed;
        --idle_;
    }
    if (in_use_ >= bounds_.connections) {
        tell();
        return nullptr;
    }
    if (kept && !lines.empty()) {
        found = std::move(lines.back().line);
        lines.pop_back();
        --place->allowed;
        --idle_;
    }
    ++in_use_;
    if (in_use_ + idle_ > bounds_.connections) evict_one();
    tell();
    lock.unlock();
    return std::make_unique<lease>(shared_from_this(), executor, std::move(found));
}

/// With the mutex held: a line of any loop gives way to one that is needed.
void connection_pool::evict_one() {
    auto const full = std::ranges::find_if(shelves_, [](auto const& one) { return one->allowed > 0; });
    if (full == shelves_.end()) return;
    --(*full)->allowed;
    --idle_;
    (*full)->on_its_loop([place = *full] {
        auto const owner = place->owner.lock();
        if (!owner) return;
        std::vector<waiting_line> closing;
        std::lock_guard const lock(owner->mutex_);
        while (place->lines.size() > place->allowed) {
            closing.push_back(std::move(place->lines.front()));
            place->lines.pop_front();
        }
    });
}

void connection_pool::close_idle() {
    std::lock_guard const lock(mutex_);
    while (idle_ > 0) evict_one();
    tell();
}

void connection_pool::forget(shelf const& gone) {
    std::lock_guard const lock(mutex_);
    idle_ -= gone.allowed;
    std::erase_if(shelves_, [&](auto const& one) { return one.get() == &gone; });
    tell();
}

/// With the mutex held, so that the figures come in order.
void connection_pool::tell() { statistics_.upstream_pool(upstream_, in_use_, idle_); }

}  // namespace parley::upstream
