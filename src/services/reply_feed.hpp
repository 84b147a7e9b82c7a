// Live text of the replies that are being written, for any number of readers. The store is the truth; the
// feed only saves polling. Whoever comes late gets the text so far first.
//
// Thread safety: every function from any thread; a reply_reader belongs to one coroutine.
#pragma once

#include "common/id.hpp"
#include "common/task.hpp"
#include "entities/message.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

namespace parley {

/// Text after what was read; `end` is the reply's length in bytes including it.
struct feed_delta {
    std::string text;
    std::size_t end = 0;
};

/// What the model thinks before it answers, after what was read of it; `end` is the length of all thoughts in
/// bytes including it. Kept apart from the text: it has no place in it.
struct feed_reasoning {
    std::string text;
    std::size_t end = 0;
};

/// The reply is over and stored as this. Nothing follows.
struct feed_end {
    message reply;
};

/// The writer has gone without an end (its process is dying, or the reply was deleted). Ask the store.
struct feed_lost {};

struct feed_idle {};

using feed_event = std::variant<feed_delta, feed_reasoning, feed_end, feed_lost, feed_idle>;

class reply_reader {
public:
    reply_reader() = default;
    reply_reader(reply_reader const&) = delete;
    reply_reader& operator=(reply_reader const&) = delete;
    virtual ~reply_reader() = default;

    /// The next text, merged if several pieces came meanwhile; feed_idle after `longest`.
    [[nodiscard]] virtual task<feed_event> next(std::chrono::milliseconds longest) = 0;
};

/// Destroying it without finish() tells the readers feed_lost.
class reply_writer {
public:
    reply_writer() = default;
    reply_writer(reply_writer const&) = delete;
    reply_writer& operator=(reply_writer const&) = delete;
    virtual ~reply_writer() = default;

    virtual void append(std::string_view text) = 0;
    virtual void append_reasoning(std::string_view text) = 0;
    virtual void finish(message reply) = 0;
};

class reply_feed {
public:
    reply_feed() = default;
    reply_feed(reply_feed const&) = delete;
    reply_feed& operator=(reply_feed const&) = delete;
    virtual ~reply_feed() = default;

    /// One writer per reply.
    [[nodiscard]] virtual std::unique_ptr<reply_writer> open(message_id reply) = 0;

    /// Starts `from` bytes into the reply's text, with all thoughts so far if that is its beginning and with
    /// later ones alone otherwise. Null when nobody writes this reply: the store has all there
    /// is.
    [[nodiscard]] virtual std::unique_ptr<reply_reader> follow(message_id reply, std::size_t from,
                                                               boost::asio::any_io_executor executor) = 0;
};

}  // namespace parley
