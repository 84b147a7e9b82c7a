#include "modules/transfer/store_transfer.hpp"

#include "modules/transfer/source_rest.hpp"

#include <algorithm>
#include <utility>

namespace parley {
namespace {

std::int64_t messages_of(std::vector<conversation_part> const& batch) {
    std::int64_t out = 0;
    for (auto const& part : batch) out += static_cast<std::int64_t>(part.messages.size());
    return out;
}

}  // namespace

result<store_comparison> store_transfer::run() {
    auto const rest = bring_to_rest(source_, seen_, time_, lease_);
    if (!rest) return std::unexpected(rest.error());
    auto const name = name_of_source();
    if (!name) return std::unexpected(name.error());
    auto const begun = target_.receive_from(*name);
    if (!begun) return std::unexpected(begun.error());
    auto const counted = source_.count();
    if (!counted) return std::unexpected(counted.error());

    archive_position from;
    if (*begun == reception::resumed) {
        auto const position = look_over(counted->messages);
        if (!position) return std::unexpected(position.error());
        from = *position;
    }
    auto done = copy_users();
    if (done) done = copy_conversations(from, kept_.messages, counted->messages);
    if (done) done = copy_usage();
    if (!done) return std::unexpected(done.error());
    auto compared = compare_stores(source_, target_, seen_, transfer_step::comparing, counted->messages);
    if (!compared || !compared->equal()) return compared;
    if (auto const ended = target_.end_reception(); !ended) return std::unexpected(ended.error());
    return compared;
}

result<store_comparison> store_transfer::verify() {
    auto const counted = source_.count();
    if (!counted) return std::unexpected(counted.error());
    return compare_stores(source_, target_, seen_, transfer_step::comparing, counted->messages);
}

// Every store that was ever served has a local user, and its copies have the same one.
result<std::string> store_transfer::name_of_source() {
    for (user_id last;;) {
        auto const users = source_.users_after(last);
        if (!users) return std::unexpected(users.error());
        if (users->empty()) return std::string{"nobody"};
        for (auto const& one : *users) {
            if (one.is_local) return one.value.user_id.text();
        }
        last = users->back().value.user_id;
    }
}

result<archive_position> store_transfer::look_over(std::int64_t total) {
    std::optional<interaction_id> first_missing;
    difference_handlers handle;
    // A key that was deleted since, or a user, must not live on in the copy.
    handle.user = [&](difference_kind kind, user_id id) -> result<void> {
        if (kind == difference_kind::missing) return {};
        return target_.remove_users(std::span{&id, 1});
    };
    handle.interaction = [&](difference_kind kind, interaction_id id) -> result<void> {
        if (kind != difference_kind::extra && !first_missing) first_missing = id;
        if (kind == difference_kind::missing) return {};
        return target_.remove_conversations(std::span{&id, 1});
    };
    auto const compared = compare_stores(source_, target_, seen_, transfer_step::looking_over, total, handle);
    if (!compared) return std::unexpected(compared.error());
    auto const kept = target_.count();
    if (!kept) return std::unexpected(kept.error());
    kept_ = *kept;
    seen_.resumes(kept_);
    // Copying goes in the order of the ids, so there is hardly anything behind the first that is missing;
    // what there is stays as it is when it comes again. With none missing this ends at the last id there can
    // be.
    auto before = first_missing.value_or(interaction_id{});
    for (auto byte = before.value.rbegin(); byte != before.value.rend(); ++byte) {
        if ((*byte)-- != 0) break;
    }
    return archive_position{before, std::nullopt};
}

result<void> store_transfer::copy_users() {
    for (user_id last;;) {
        auto const users = source_.users_after(last);
        if (!users) return std::unexpected(users.error());
        if (users->empty()) return {};
        if (auto done = target_.put_users(*users); !done) return done;
        last = users->back().value.user_id;
    }
}

result<void> store_transfer::copy_conversations(archive_position from, std::int64_t done,
                                                std::int64_t total) {
    for (auto position = from;;) {
        // What is copied anew has been counted as kept.
        if (!seen_.advanced(transfer_step::copying, std::min(done, total), total))
            return stopped_by_observer();
        auto const batch = source_.conversations_after(position);
        if (!batch) return std::unexpected(batch.error());
        if (batch->empty()) return {};
        if (auto put = target_.put_conversations(*batch); !put) return put;
        position = position_behind(batch->back());
        done += messages_of(*batch);
    }
}

// Also when all messages were there already: it may be that an earlier run came no further.
result<void> store_transfer::copy_usage() {
    for (std::optional<usage_key> last;;) {
        auto const values = source_.usage_after(last);
        if (!values) return std::unexpected(values.error());
        if (values->empty()) return {};
        if (auto done = target_.put_usage(*values); !done) return done;
        last = key_of(values->back());
    }
}

}  // namespace parley
