// What the tests of a store's contract share: the store, event loops, and short words for the usual steps.
#pragma once

#include "services/conversation_store.hpp"
#include "services/identity_store.hpp"
#include "services/request_store.hpp"
#include "services/usage_store.hpp"
#include "store_under_test.hpp"
#include "support/event_loops.hpp"
#include "support/reply_of.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>

namespace parley::test {

/// A time that is easy to tell from others: `seconds` after some moment in 2026.
[[nodiscard]] inline timestamp at(std::int64_t seconds) {
    return from_unix_ms(1'790'000'000'000 + seconds * 1000);
}

class store_contract : public testing::TestWithParam<store_kind> {
protected:
    conversation_store& conversations() { return store_->conversations(); }
    identity_store& identities() { return store_->identities(); }
    request_store& requests() { return store_->requests(); }
    usage_store& usage() { return store_->usage(); }
    event_loops& loops() { return loops_; }

    template <class T>
    T await(task<T> work) {
        return loops_.run(std::move(work));
    }

    /// Stores a new interaction; `change` may adjust it before.
    template <class Change>
    interaction create(user_id const& owner, timestamp now, Change const& change) {
        auto value = *make_interaction(owner, {}, now);
        change(value);
        auto const done = await(conversations().create_interaction(value));
        EXPECT_TRUE(done.has_value()) << done.error().detail;
        return value;
    }
    interaction create(user_id const& owner, timestamp now = at(0)) {
        return create(owner, now, [](interaction&) {});
    }

    interaction read(interaction const& value) {
        auto const found = await(conversations().get_interaction(value.user_id, value.interaction_id));
        EXPECT_TRUE(found.has_value());
        return found.value_or(interaction{});
    }

    result<message> append(interaction const& in, std::string text, timestamp now = at(1),
                           message_id id = message_id::make()) {
        return await(conversations().append_message(in.user_id, in.interaction_id, id,
                                                    {message_role::user, std::move(text), {}}, now));
    }

    /// A draft with fresh ids.
    turn_draft draft_turn(interaction const& in, std::string text = "Hello?", timestamp now = at(1)) {
        return {.user_id = in.user_id,
                .interaction_id = in.interaction_id,
                .owner = owner_,
                .user_message_id = message_id::make(),
                .user_message = message_draft{message_role::user, std::move(text), {}},
                .transformed_content = std::nullopt,
                .reply_id = message_id::make(),
                .model_name = "test-model",
                .now = now};
    }
    turn_start begin(interaction const& in) { return begin(draft_turn(in)); }
    turn_start begin(turn_draft const& draft) {
        auto started = await(conversations().begin_turn(draft));
        EXPECT_TRUE(started.has_value()) << started.error().code << started.error().detail;
        return started.value_or(turn_start{});
    }

    /// For a further reply to a message that is stored.
    turn_draft draft_reply(interaction const& in, message_id const& asked, timestamp now = at(1)) {
        auto draft = draft_turn(in, {}, now);
        draft.user_message_id = asked;
        draft.user_message.reset();
        return draft;
    }
    /// A turn from its beginning to its end.
    turn_start take_turn(turn_draft const& draft, std::string text = "done") {
        auto turn = begin(draft);
        auto const ended = reply_of(await(conversations().finish_turn(turn.lease, outcome(std::move(text)))));
        EXPECT_TRUE(ended.has_value()) << ended.error().code;
        turn.reply = ended.value_or(message{});
        return turn;
    }
    turn_start take_turn(interaction const& in) { return take_turn(draft_turn(in)); }

    static turn_outcome outcome(std::string text, message_status status = message_status::complete,
                                timestamp now = at(2)) {
        turn_outcome out;
        out.status = status;
        out.content = std::move(text);
        out.now = now;
        return out;
    }

    result<message_page> messages(interaction const& in, page_query<std::int64_t> const& query,
                                  std::optional<branch_id> const& branch = std::nullopt) {
        return await(conversations().page_of_branch(in.user_id, in.interaction_id, {query, branch}));
    }
    std::vector<message> all_messages(interaction const& in) {
        auto found = messages(in, {.limit = 100, .order = page_order::ascending});
        EXPECT_TRUE(found.has_value());
        return found ? found->data : std::vector<message>{};
    }

    /// Of all branches.
    std::vector<message> every_message(interaction const& in) {
        message_query query{{.limit = 100, .order = page_order::ascending}, {}, true};
        auto found = await(conversations().page_of_branch(in.user_id, in.interaction_id, query));
        EXPECT_TRUE(found.has_value());
        return found ? found->data : std::vector<message>{};
    }
    message read_message(interaction const& in, message_id const& id) {
        auto found = await(conversations().get_message(in.user_id, in.interaction_id, id));
        EXPECT_TRUE(found.has_value());
        return found.value_or(message{});
    }
    std::vector<active_turn> running() {
        auto found = await(conversations().active_turns(100));
        EXPECT_TRUE(found.has_value());
        return found.value_or(std::vector<active_turn>{});
    }

    process_id const owner_ = process_id::make();

private:
    std::unique_ptr<store_under_test> store_ = GetParam().make();
    event_loops loops_;  // joined before the store goes
};

/// The code of the error, or "ok".
template <class T>
[[nodiscard]] std::string code_of(result<T> const& outcome) {
    return outcome ? "ok" : outcome.error().code;
}

inline std::string name_of_kind(testing::TestParamInfo<store_kind> const& info) { return info.param.name; }

}  // namespace parley::test

/// For every store: TEST_P of `suite`, a class or alias derived from store_contract.
#define PARLEY_FOR_EVERY_STORE(suite)                                                            \
    INSTANTIATE_TEST_SUITE_P(every_store, suite, testing::ValuesIn(parley::test::store_kinds()), \
                             parley::test::name_of_kind)
