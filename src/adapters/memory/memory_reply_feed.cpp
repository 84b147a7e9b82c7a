#include "adapters/memory/memory_reply_feed.hpp"

#include "adapters/memory/live_reply.hpp"

#include <mutex>
#include <unordered_map>
#include <utility>

namespace parley {

/// The replies being written. Shared with the writers, who leave it when they end.
struct memory_reply_feed::registry {
    std::mutex guard;
    std::unordered_map<message_id, std::shared_ptr<live_reply>, id_hash> live;

    /// The one whose place `fresh` takes, or null.
    std::shared_ptr<live_reply> put(message_id const& reply, std::shared_ptr<live_reply> fresh) {
        std::lock_guard const lock{guard};
        return std::exchange(live[reply], std::move(fresh));
    }
    std::shared_ptr<live_reply> find(message_id const& reply) {
        std::lock_guard const lock{guard};
        auto const found = live.find(reply);
        return found == live.end() ? nullptr : found->second;
    }
    void remove(message_id const& reply, std::shared_ptr<live_reply> const& what) {
        std::lock_guard const lock{guard};
        auto const found = live.find(reply);
        if (found != live.end() && found->second == what) live.erase(found);
    }
};

namespace {

class memory_reply_writer final : public reply_writer {
public:
    memory_reply_writer(std::shared_ptr<memory_reply_feed::registry> registry, message_id reply,
                        std::shared_ptr<live_reply> text)
        : registry_(std::move(registry)),
          reply_(reply),
          text_(std::move(text)) {}
    ~memory_reply_writer() override {
        registry_->remove(reply_, text_);
        text_->abandon();
    }

    void append(std::string_view text) override { text_->append(text); }
    void append_reasoning(std::string_view text) override { text_->append_reasoning(text); }
    void finish(message reply) override {
        registry_->remove(reply_, text_);
        text_->finish(std::move(reply));
    }

private:
    std::shared_ptr<memory_reply_feed::registry> registry_;
    message_id reply_;
    std::shared_ptr<live_reply> text_;
};

class memory_reply_reader final : public reply_reader {
public:
    memory_reply_reader(std::shared_ptr<live_reply> text, std::size_t from,
                        boost::asio::any_io_executor const& executor)
        : text_(std::move(text)),
          place_(text_->begin(from)),
          wakeup_(executor) {
        text_->add(wakeup_);
    }
    ~memory_reply_reader() override { text_->remove(wakeup_); }

    task<feed_event> next(std::chrono::milliseconds longest) override {
        auto const deadline = std::chrono::steady_clock::now() + longest;
        for (;;) {
            auto seen = text_->next(place_);
            auto const left =
                std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
            if (!std::holds_alternative<feed_idle>(seen) || left.count() <= 0) co_return seen;
            co_await wakeup_.wait(left);
        }
    }

private:
    std::shared_ptr<live_reply> text_;
    live_reply::place place_;
    wakeup wakeup_;
};

}  // namespace

memory_reply_feed::memory_reply_feed() : registry_(std::make_shared<registry>()) {}
memory_reply_feed::~memory_reply_feed() = default;

std::unique_ptr<reply_writer> memory_reply_feed::open(message_id reply) {
    auto text = std::make_shared<live_reply>();
    if (auto const before = registry_->put(reply, text)) before->abandon();
    return std::make_unique<memory_reply_writer>(registry_, reply, std::move(text));
}

std::unique_ptr<reply_reader> memory_reply_feed::follow(message_id reply, std::size_t from,
                                                        boost::asio::any_io_executor executor) {
    auto text = registry_->find(reply);
    if (text == nullptr) return nullptr;
    return std::make_unique<memory_reply_reader>(std::move(text), from, executor);
}

}  // namespace parley
