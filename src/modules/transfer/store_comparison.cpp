#include "modules/transfer/store_comparison.hpp"

#include "modules/transfer/archive_stream.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace parley {
namespace {

constexpr std::size_t most_described = 10;

std::string_view to_text(difference_kind kind) {
    switch (kind) {
        case difference_kind::missing:
            return "is missing in the copy";
        case difference_kind::extra:
            return "is in the copy only";
        case difference_kind::different:
            break;
    }
    return "is not the same in the copy";
}

/// One side while it is read: its next item, and the sum of those that were taken.
template <class Stream>
class side {
public:
    using item = archive_item<typename Stream::id_type>;

    side(store_archive& from, content_hash& all) : from_(from), all_(all) {}

    [[nodiscard]] result<void> advance() {
        auto next = from_.next();
        if (!next) return std::unexpected(next.error());
        next_ = *next;
        return {};
    }
    [[nodiscard]] result<void> take() {
        ++items;
        messages += next_->messages;
        all_.add(next_->digest);
        return advance();
    }
    [[nodiscard]] std::optional<item> const& next() const { return next_; }

    std::int64_t items = 0;
    std::int64_t messages = 0;

private:
    Stream from_;
    content_hash& all_;
    std::optional<item> next_;
};

/// What two next items, of which there is at least one, are to each other; nothing when they are equal.
template <class Item>
std::optional<difference_kind> difference(std::optional<Item> const& source,
                                          std::optional<Item> const& copy) {
    if (!copy || (source && source->key < copy->key)) return difference_kind::missing;
    if (!source || copy->key < source->key) return difference_kind::extra;
    if (source->digest != copy->digest) return difference_kind::different;
    return std::nullopt;
}

class comparing {
public:
    comparing(store_archive& source, store_archive& copy) : source_(source), copy_(copy) {}

    /// `see(kind, id)` after each difference, `tick(messages of the source)` after each item.
    template <class Stream, class See, class Tick>
    [[nodiscard]] result<std::pair<side<Stream>, side<Stream>>> walk(std::string_view what, See const& see,
                                                                     Tick const& tick) {
        std::pair<side<Stream>, side<Stream>> both{{source_, source_hash_}, {copy_, copy_hash_}};
        auto& [one, other] = both;
        auto done = one.advance();
        if (done) done = other.advance();
        while (done && (one.next() || other.next())) {
            auto const kind = difference(one.next(), other.next());
            bool const in_source = kind != difference_kind::extra;
            bool const in_copy = kind != difference_kind::missing;
            auto const id = in_source ? one.next()->key : other.next()->key;
            if (in_source) done = one.take();
            if (done && in_copy) done = other.take();
            if (done && kind) done = note(what, *kind, id.text());
            if (done && kind) done = see(*kind, id);
            if (done) done = tick(one.messages);
        }
        if (!done) return std::unexpected(done.error());
        return both;
    }

    [[nodiscard]] store_comparison finish() {
        out.source.hash = hex(source_hash_.finish());
        out.copy.hash = hex(copy_hash_.finish());
        return std::move(out);
    }

    store_comparison out;

private:
    result<void> note(std::string_view what, difference_kind kind, std::string const& id) {
        ++out.differences;
        if (out.first_differences.size() < most_described) {
            out.first_differences.push_back(std::string{what} + " " + id + " " + std::string{to_text(kind)});
        }
        return {};
    }

    store_archive& source_;
    store_archive& copy_;
    content_hash source_hash_;
    content_hash copy_hash_;
};

}  // namespace

result<store_comparison> compare_stores(store_archive& source, store_archive& copy, transfer_observer& seen,
                                        transfer_step step, std::int64_t total,
                                        difference_handlers const& handle) {
    comparing both{source, copy};
    auto const users = both.walk<user_stream>(
        "user",
        [&handle](difference_kind kind, user_id id) {
            return handle.user ? handle.user(kind, id) : result<void>{};
        },
        [](std::int64_t) { return result<void>{}; });
    if (!users) return std::unexpected(users.error());
    auto const interactions = both.walk<conversation_stream>(
        "interaction",
        [&handle](difference_kind kind, interaction_id id) {
            return handle.interaction ? handle.interaction(kind, id) : result<void>{};
        },
        [&](std::int64_t done) -> result<void> {
            if (!seen.advanced(step, std::min(done, total), total)) return stopped_by_observer();
            return {};
        });
    if (!interactions) return std::unexpected(interactions.error());
    if (step != transfer_step::looking_over) {
        auto const usage = both.walk<usage_stream>(
            "usage of", [](difference_kind, usage_key const&) { return result<void>{}; },
            [](std::int64_t) { return result<void>{}; });
        if (!usage) return std::unexpected(usage.error());
        both.out.source.usage_days = usage->first.items;
        both.out.copy.usage_days = usage->second.items;
    }
    both.out.source.counts = {users->first.items, interactions->first.items, interactions->first.messages};
    both.out.copy.counts = {users->second.items, interactions->second.items, interactions->second.messages};
    return both.finish();
}

}  // namespace parley
