#include "archive_contract.hpp"

#include "services/usage_sums.hpp"

#include <algorithm>

namespace parley::test {
namespace {

PARLEY_FOR_EVERY_ARCHIVE(archive_contract);

std::vector<message> messages_in(std::vector<conversation_part> const& parts) {
    std::vector<message> all;
    for (auto const& part : parts) std::ranges::copy(part.messages, std::back_inserter(all));
    return all;
}

/// A message with every field that there is.
message full_message(interaction_record const& in, std::int64_t seq, branch_id const& branch) {
    message out;
    out.interaction_id = in.value.interaction_id;
    out.message_id = message_id::make();
    out.parent_id = message_id::make();
    out.branch_id = branch;
    out.seq = seq;
    out.parent_seq = seq - 1;
    out.created_at = at(seq);
    out.role = message_role::assistant;
    out.content = std::string{"caf\xc3\xa9 \0 \xf0\x9f\x98\x80", 12};
    out.transformed_content = "transformed";
    out.metadata = {{"$k.ey", "v"}, {"empty", ""}};
    out.status = message_status::stopped;
    out.model_name = "a-model";
    out.finish_reason = finish_reason::length;
    out.usage = token_usage{10, 5, 3, true, 9'007'199'254'740'993};
    out.timings = turn_timings{1, std::nullopt, 7};
    out.error = message_error{"some_code", "A sentence."};
    out.tool_calls = {{"call_1", "weather", R"({"city":"Bath"})"}, {"call_2", "now", ""}};
    out.reasoning = "Let me \"think\".";
    out.attempts = {{"first", "upstream_timeout", "It took too long.", 5'000}, {"second", "ok", "", 12}};
    return out;
}

head_record head_of(message const& one) { return {one.message_id, one.seq}; }

/// One with every field, a fork of a fork, which is active, and a reply that waits.
conversation_part full_part() {
    conversation_part out;
    auto& record = out.interaction;
    auto& value = record.value;
    value = *make_interaction(user_id::make(), {}, at(0));
    value.title = "A title";
    value.updated_at = at(20);
    value.last_message_at = at(10);
    value.settings = {"a-model",
                      prompt_role::developer,
                      "Be brief.",
                      0.0,
                      0.125,
                      7,
                      {"\n", "stop"},
                      0,
                      busy_policy::interrupt,
                      "<< {{content}} >>",
                      {masked::email, masked::card},
                      {{"weather", "Of a city.", R"({"type":"object"})"}, {"now", "", ""}},
                      "required",
                      response_format{"answer", R"({"type":"object"})"}};
    value.metadata = {{"a", "b"}};
    value.pinned = true;
    value.archived = true;
    value.expires_at = latest_timestamp;
    value.message_count = 4;
    value.version = 9;
    record.root_branch = value.active_branch;
    auto const fork = branch_id::make();
    auto const inner = branch_id::make();
    value.active_branch = inner;
    record.last_seq = 4;
    record.epoch = 5;
    out.messages = {full_message(record, 1, record.root_branch), full_message(record, 2, record.root_branch),
                    full_message(record, 3, fork), full_message(record, 4, inner)};
    out.messages[2].parent_seq = 1;
    out.messages[0].role = message_role::tool;
    out.messages[0].tool_call_id = "call_0";
    out.messages[0].tool_calls.clear();
    out.messages[0].reasoning.reset();
    out.messages[0].attempts.clear();
    out.messages[0].parent_id.reset();
    out.messages[0].content = content_parts{text_part{"one"}, image_part{"data:image/png;base64,AAAA"}};
    out.messages[0].model_name.reset();
    out.messages[0].finish_reason.reset();
    out.messages[0].usage.reset();
    out.messages[0].timings.reset();
    out.messages[0].error.reset();
    out.messages[3].status = message_status::queued;
    record.waiting = {out.messages[3].message_id};
    record.root_head = head_of(out.messages[1]);
    record.forks = {{fork, record.root_branch, 1, head_of(out.messages[2])},
                    {inner, fork, 3, head_of(out.messages[3])}};
    return out;
}

TEST_P(archive_contract, what_a_server_stored_is_read) {
    interaction talk;
    user local;
    turn_start turn;
    {
        auto const served = serve();
        local = *await(served->identities().local_user(at(0)));
        talk = *make_interaction(local.user_id, {}, at(0));
        ASSERT_TRUE(await(served->conversations().create_interaction(talk)));
        turn = *await(served->conversations().begin_turn(
            {.user_id = talk.user_id,
             .interaction_id = talk.interaction_id,
             .owner = process_id::make(),
             .user_message_id = message_id::make(),
             .user_message = message_draft{message_role::user, "Hello?", {}},
             .transformed_content = "HELLO?",
             .reply_id = message_id::make(),
             .model_name = "test-model",
             .now = at(1)}));
        turn_outcome outcome;
        outcome.content = "Hi.";
        outcome.usage = token_usage{1, 2, 3, false, 4};
        outcome.now = at(2);
        turn.reply = *reply_of(await(served->conversations().finish_turn(turn.lease, outcome)));
        talk = *await(served->conversations().get_interaction(talk.user_id, talk.interaction_id));
    }
    auto const from = archive();
    auto const users = from->users_after({});
    ASSERT_TRUE(users.has_value());
    EXPECT_EQ(*users, (std::vector<user_record>{{local, true}}));
    EXPECT_TRUE(from->users_after(local.user_id)->empty());
    auto const parts = read_all(*from);
    ASSERT_EQ(parts.size(), 1);
    auto const& record = parts[0].interaction;
    EXPECT_EQ(record.value, talk);
    EXPECT_EQ(record.root_branch, talk.active_branch);
    EXPECT_EQ(record.last_seq, 2);
    EXPECT_EQ(record.root_head, head_of(turn.reply));
    EXPECT_TRUE(record.forks.empty());
    EXPECT_TRUE(record.waiting.empty());
    EXPECT_EQ(record.epoch, turn.lease.epoch);
    EXPECT_EQ(parts[0].messages, (std::vector<message>{turn.user_message, turn.reply}));
    EXPECT_EQ(*from->count(), (archive_counts{1, 1, 2}));
    EXPECT_TRUE(from->active_turns(10)->empty());
}

TEST_P(archive_contract, what_was_deleted_is_not_there) {
    {
        auto const served = serve();
        auto const gone = *make_interaction(user_id::make(), {}, at(0));
        ASSERT_TRUE(await(served->conversations().create_interaction(gone)));
        ASSERT_TRUE(await(served->conversations().append_message(
            gone.user_id, gone.interaction_id, message_id::make(), {message_role::user, "x", {}}, at(1))));
        ASSERT_TRUE(await(
            served->conversations().delete_interaction(gone.user_id, gone.interaction_id, std::nullopt)));
    }
    auto const from = archive();
    EXPECT_TRUE(read_all(*from).empty());
    EXPECT_EQ(*from->count(), (archive_counts{0, 0, 0}));
}

TEST_P(archive_contract, every_field_comes_back_and_a_repetition_changes_nothing) {
    auto const to = receiving();
    auto const part = full_part();
    std::vector<user_record> const users{{{user_id::make(), "Ada", {{"k", "v"}}, at(3)}, true},
                                         {{user_id::make(), "", {}, at(4)}, false}};
    for (int round = 0; round < 2; ++round) {
        ASSERT_TRUE(to->put_users(users));
        ASSERT_TRUE(to->put_conversations(std::span{&part, 1}));
    }
    EXPECT_EQ(*to->users_after({}), users);
    auto const found = read_all(*to);
    ASSERT_EQ(found.size(), 1);
    EXPECT_EQ(found[0].interaction, part.interaction);
    EXPECT_EQ(found[0].messages, part.messages);
    EXPECT_TRUE(found[0].is_last);
    EXPECT_EQ(*to->count(), (archive_counts{2, 1, 4}));
}

TEST_P(archive_contract, a_server_goes_on_with_what_was_put) {
    conversation_part part;
    part.interaction.value = *make_interaction(user_id::make(), {}, at(0));
    auto& record = part.interaction;
    record.root_branch = record.value.active_branch;
    part.messages = {full_message(record, 1, record.root_branch)};
    part.messages[0].parent_id.reset();
    record.value.message_count = 1;
    record.last_seq = 1;
    record.root_head = head_of(part.messages[0]);
    record.epoch = 41;
    user_record const local{{user_id::make(), "Ada", {}, at(3)}, true};
    {
        auto const to = receiving();
        ASSERT_TRUE(to->put_users(std::span{&local, 1}));
        ASSERT_TRUE(to->put_conversations(std::span{&part, 1}));
        ASSERT_TRUE(to->end_reception());
    }
    auto const served = serve();
    auto& talks = served->conversations();
    auto const& in = record.value;
    EXPECT_EQ(*await(served->identities().local_user(at(99))), local.value);
    EXPECT_EQ(*await(talks.get_interaction(in.user_id, in.interaction_id)), in);
    EXPECT_EQ(*await(talks.get_message(in.user_id, in.interaction_id, part.messages[0].message_id)),
              part.messages[0]);
    auto const next = await(talks.append_message(in.user_id, in.interaction_id, message_id::make(),
                                                 {message_role::user, "and on", {}}, at(50)));
    ASSERT_TRUE(next.has_value()) << next.error().detail;
    EXPECT_EQ(next->seq, 2);
    EXPECT_EQ(next->parent_id, part.messages[0].message_id);
    EXPECT_EQ(next->parent_seq, 1);
    auto const turn = await(talks.begin_turn({.user_id = in.user_id,
                                              .interaction_id = in.interaction_id,
                                              .owner = process_id::make(),
                                              .user_message_id = message_id::make(),
                                              .user_message = message_draft{message_role::user, "Hello?", {}},
                                              .transformed_content = std::nullopt,
                                              .reply_id = message_id::make(),
                                              .model_name = "test-model",
                                              .now = at(51)}));
    ASSERT_TRUE(turn.has_value());
    EXPECT_EQ(turn->lease.epoch, 42);
    EXPECT_EQ(await(talks.get_interaction(in.user_id, in.interaction_id))->message_count, 4);
}

TEST_P(archive_contract, branches_and_replies_that_wait_go_on_in_the_copy) {
    auto talk = *make_interaction(user_id::make(), {}, at(0));
    auto const root = talk.active_branch;
    auto const owner = process_id::make();
    auto const draft = [&](message_place const& place, bool may_wait) -> turn_draft {
        return {.user_id = talk.user_id,
                .interaction_id = talk.interaction_id,
                .owner = owner,
                .user_message_id = message_id::make(),
                .user_message = message_draft{message_role::user, "Hello?", {}},
                .place = place,
                .transformed_content = std::nullopt,
                .reply_id = message_id::make(),
                .model_name = "test-model",
                .may_wait = may_wait,
                .now = at(1)};
    };
    auto const pages = [&](store_under_test& in) {
        std::vector<std::vector<message>> out;
        for (auto const& branch : {std::optional{root}, std::optional<branch_id>{}}) {
            message_query const query{{.limit = 100, .order = page_order::ascending}, branch};
            out.push_back(
                await(in.conversations().page_of_branch(talk.user_id, talk.interaction_id, query))->data);
        }
        return out;
    };
    message_id waits;
    std::vector<std::vector<message>> before;
    {
        auto const served = serve();
        auto& talks = served->conversations();
        ASSERT_TRUE(await(talks.create_interaction(talk)));
        auto const first = await(talks.begin_turn(draft({}, false)));
        ASSERT_TRUE(first.has_value());
        turn_outcome outcome;
        outcome.content = "Hi.";
        outcome.now = at(2);
        ASSERT_TRUE(await(talks.finish_turn(first->lease, outcome)));
        auto const forked = await(talks.begin_turn(draft(message_place{std::in_place, std::nullopt}, false)));
        ASSERT_TRUE(forked.has_value());
        auto const queued = await(talks.begin_turn(draft({}, true)));
        ASSERT_TRUE(queued.has_value()) << queued.error().code;
        waits = queued->reply.message_id;
        ASSERT_TRUE(await(talks.finish_turn(forked->lease, outcome)));
        before = pages(*served);
        talk = *await(talks.get_interaction(talk.user_id, talk.interaction_id));
    }
    auto const parts = read_all(*archive());
    ASSERT_EQ(parts.size(), 1);
    auto const& record = parts[0].interaction;
    EXPECT_EQ(record.waiting, std::vector{waits});
    EXPECT_EQ(record.root_head->seq, 2);
    ASSERT_EQ(record.forks.size(), 1);
    EXPECT_EQ(record.forks[0].head, (head_record{waits, 6}));
    EXPECT_EQ(active_head(record), record.forks[0].head);

    auto const copy = GetParam().make();
    {
        auto const to = *copy->archive(true);
        ASSERT_TRUE(to->receive_from("ada"));
        ASSERT_TRUE(to->put_conversations(parts));
        EXPECT_EQ(read_all(*to)[0].interaction, record);
        ASSERT_TRUE(to->end_reception());
    }
    auto const served = *copy->serve();
    auto& talks = served->conversations();
    EXPECT_EQ(*await(talks.get_interaction(talk.user_id, talk.interaction_id)), talk);
    EXPECT_EQ(pages(*served), before);
    EXPECT_EQ(await(talks.waiting_interactions(10))->size(), 1);
    auto const next = await(talks.next_turn(talk.user_id, talk.interaction_id, owner, at(8)));
    ASSERT_TRUE(next && *next);
    EXPECT_EQ((*next)->reply.message_id, waits);
    EXPECT_EQ((*next)->lease.epoch, 3);
    turn_outcome outcome;
    outcome.now = at(9);
    ASSERT_TRUE(await(talks.finish_turn((*next)->lease, outcome)));
    interaction_patch back;
    back.active_branch = root;
    ASSERT_TRUE(
        await(talks.update_interaction(talk.user_id, talk.interaction_id, back, std::nullopt, at(10))));
    auto const on_root = await(talks.append_message(talk.user_id, talk.interaction_id, message_id::make(),
                                                    {message_role::user, "and on", {}}, at(11)));
    ASSERT_TRUE(on_root.has_value());
    EXPECT_EQ(on_root->seq, 7);
    EXPECT_EQ(on_root->parent_id, record.root_head->message);
    EXPECT_EQ(on_root->branch_id, root);
}

TEST_P(archive_contract, many_come_in_order_in_bounded_batches) {
    std::vector<conversation_part> all;
    for (std::size_t i = 0; i < archive_interactions + 30; ++i) {
        auto& part = all.emplace_back();
        auto& record = part.interaction;
        record.value = *make_interaction(user_id::make(), {}, at(0));
        record.root_branch = record.value.active_branch;
        // One that fills more than a batch by number, one by size, many empty ones.
        auto const count = i == 3 ? archive_messages * 2 : i == 5 ? 5 : i % 7 == 0 ? 2 : 0;
        for (std::size_t seq = 1; seq <= count; ++seq) {
            auto one = full_message(record, static_cast<std::int64_t>(seq), record.root_branch);
            if (i == 5) one.content = std::string(page_bytes / 2, 'x');
            part.messages.push_back(std::move(one));
        }
        record.value.message_count = record.last_seq = static_cast<std::int64_t>(count);
        if (count > 0) record.root_head = head_of(part.messages.back());
    }
    auto const to = receiving();
    // Not in the order of the ids.
    for (auto part = all.rbegin(); part != all.rend(); ++part) {
        ASSERT_TRUE(to->put_conversations(std::span{&*part, 1}));
    }
    std::size_t batches = 0;
    std::vector<conversation_part> found;
    for (archive_position at;; ++batches) {
        auto batch = to->conversations_after(at);
        ASSERT_TRUE(batch.has_value()) << batch.error().detail;
        if (batch->empty()) break;
        EXPECT_LE(batch->size(), archive_interactions);
        EXPECT_LE(messages_in(*batch).size(), archive_messages);
        at = position_behind(batch->back());
        std::ranges::move(*batch, std::back_inserter(found));
    }
    EXPECT_GE(batches, 6);
    EXPECT_EQ(messages_in(found), messages_in(all));
    std::vector<interaction_record> heads;
    for (auto const& part : found) {
        if (heads.empty() || heads.back() != part.interaction) heads.push_back(part.interaction);
    }
    ASSERT_EQ(heads.size(), all.size());
    for (std::size_t i = 0; i < all.size(); ++i) EXPECT_EQ(heads[i], all[i].interaction);
}

TEST_P(archive_contract, removes_what_it_is_told) {
    auto const to = receiving();
    std::vector const parts{full_part(), full_part()};
    ASSERT_TRUE(to->put_conversations(parts));
    std::vector const ids{parts[0].interaction.value.interaction_id, interaction_id::make()};
    ASSERT_TRUE(to->remove_conversations(ids));
    auto const left = read_all(*to);
    ASSERT_EQ(left.size(), 1);
    EXPECT_EQ(left[0].interaction, parts[1].interaction);
    EXPECT_EQ(*to->count(), (archive_counts{0, 1, 4}));
    ASSERT_TRUE(to->put_conversations(parts));
    EXPECT_EQ(messages_in(read_all(*to)).size(), 8);
}

TEST_P(archive_contract, an_unfinished_copy_is_taken_up_by_its_source_only) {
    {
        auto const to = receiving();
        auto const part = full_part();
        ASSERT_TRUE(to->put_conversations(std::span{&part, 1}));
    }
    {
        auto const again = archive(true);
        EXPECT_EQ(*again->receive_from("ada"), reception::resumed);
        EXPECT_EQ(code_of(again->receive_from("bob")), "store_not_empty");
    }
    if (GetParam().can_refuse) {
        EXPECT_EQ(code_of(under_test_->serve()), "store_incomplete");
        EXPECT_EQ(code_of(under_test_->archive(false)), "store_incomplete");
    }
    {
        auto const again = archive(true);
        EXPECT_EQ(*again->receive_from("ada"), reception::resumed);
        ASSERT_TRUE(again->end_reception());
    }
    EXPECT_TRUE(under_test_->serve().has_value());
    EXPECT_EQ(code_of(archive(true)->receive_from("ada")), "store_not_empty");
}

TEST_P(archive_contract, a_store_with_a_user_is_not_empty) {
    ASSERT_TRUE(await(serve()->identities().local_user(at(0))));
    EXPECT_EQ(code_of(archive(true)->receive_from("ada")), "store_not_empty");
}

std::vector<usage_record> all_usage(store_archive& from) {
    std::vector<usage_record> all;
    for (std::optional<usage_key> last;;) {
        auto batch = from.usage_after(last);
        EXPECT_TRUE(batch.has_value()) << batch.error().detail;
        if (!batch || batch->empty()) return all;
        EXPECT_LE(batch->size(), archive_usage);
        last = key_of(batch->back());
        std::ranges::move(*batch, std::back_inserter(all));
    }
}

std::vector<usage_day> served_usage(event_loops& loops, store_under_test& served, user_id const& user) {
    auto found = loops.run(served.usage().usage_by_day(user, day_of(at(0)) - std::chrono::days{9'000},
                                                       day_of(at(0)) + std::chrono::days{9'000}));
    EXPECT_TRUE(found.has_value());
    return found.value_or(std::vector<usage_day>{});
}

/// Whatever kind of store it comes from, the copy tells the same, also of what was deleted, and counts on.
TEST_P(archive_contract, usage_goes_over) {
    auto const user = user_id::make();
    auto const other = user_id::make();
    auto kept = *make_interaction(user, {}, at(0));
    message_id reply;
    std::vector<usage_day> before;
    {
        auto const served = serve();
        auto& talks = served->conversations();
        auto const gone = *make_interaction(user, {}, at(0));
        for (auto const& in : {kept, gone}) {
            ASSERT_TRUE(await(talks.create_interaction(in)));
            auto const turn =
                *await(talks.begin_turn({.user_id = user,
                                         .interaction_id = in.interaction_id,
                                         .owner = process_id::make(),
                                         .user_message_id = message_id::make(),
                                         .user_message = message_draft{message_role::user, "Hello?", {}, {}},
                                         .reply_id = message_id::make(),
                                         .model_name = "test-model",
                                         .now = at(1)}));
            turn_outcome outcome;
            outcome.usage = token_usage{10, 2, 3, true, 4};
            outcome.now = at(2);
            ASSERT_TRUE(await(talks.finish_turn(turn.lease, outcome)));
            if (in.interaction_id == kept.interaction_id) reply = turn.reply.message_id;
        }
        ASSERT_TRUE(await(talks.delete_interaction(user, gone.interaction_id, std::nullopt)));
        for (auto const& owner : {user, other}) {
            ASSERT_TRUE(await(served->usage().add_usage(
                {message_id::make(), owner, at(1), "titles", {5, 0, 1, false, std::nullopt}})));
        }
        before = served_usage(loops_, *served, user);
    }
    auto const day = day_of(at(1));
    ASSERT_EQ(before, (std::vector<usage_day>{{day, "test-model", 2, 20, 4, 6, 8, 2},
                                              {day, "titles", 1, 5, 0, 1, 0, 0}}));
    auto const from = archive();
    auto const records = all_usage(*from);
    ASSERT_EQ(records.size(), 3);
    EXPECT_TRUE(std::ranges::is_sorted(records, {}, key_of));
    auto const parts = read_all(*from);
    for (auto const& kind : archive_kinds()) {
        SCOPED_TRACE(kind.name);
        auto const copy = kind.make();
        {
            auto const to = *copy->archive(true);
            ASSERT_TRUE(to->receive_from("ada"));
            // As an earlier run may have left it.
            auto stale = records;
            for (auto& one : stale) one.sums.output_tokens += 7;
            ASSERT_TRUE(to->put_usage(stale));
            ASSERT_TRUE(to->put_conversations(parts));
            for (int round = 0; round < 2; ++round) ASSERT_TRUE(to->put_usage(records));
            EXPECT_EQ(all_usage(*to), records);
            ASSERT_TRUE(to->end_reception());
        }
        auto const served = *copy->serve();
        EXPECT_EQ(served_usage(loops_, *served, user), before);
        ASSERT_TRUE(await(served->usage().add_usage(
            {message_id::make(), user, at(1), "titles", {1, 0, 1, false, std::nullopt}})));
        auto after = before;
        add_to(after[1], {day, "titles", 1, 1, 0, 1, 0, 0});
        EXPECT_EQ(served_usage(loops_, *served, user), after);
        auto const deleted =
            await(served->conversations().delete_interaction(user, kept.interaction_id, std::nullopt));
        ASSERT_TRUE(deleted.has_value());
        EXPECT_EQ(served_usage(loops_, *served, user), after);
    }
}

TEST_P(archive_contract, much_usage_comes_in_order_in_batches) {
    auto const to = receiving();
    std::vector<usage_record> records;
    for (int user = 0; user < 3; ++user) {
        auto const id = user_id::make();
        for (int day = 0; day < 300; ++day) {
            usage_record one{id, {day_of(at(0)) + std::chrono::days{day}, "m", 1, 2, 1, 3, 4, 0}};
            records.push_back(one);
            one.sums.model_name = "M";
            records.push_back(one);
        }
    }
    std::ranges::sort(records, {}, key_of);
    ASSERT_TRUE(to->put_usage(std::span{records}.subspan(700)));
    ASSERT_TRUE(to->put_usage(std::span{records}.first(700)));
    EXPECT_EQ(all_usage(*to), records);
}

TEST_P(archive_contract, a_store_that_has_only_usage_is_not_empty) {
    ASSERT_TRUE(await(serve()->usage().add_usage(
        {message_id::make(), user_id::make(), at(1), "titles", {5, 0, 1, false, std::nullopt}})));
    EXPECT_EQ(code_of(archive(true)->receive_from("ada")), "store_not_empty");
}

TEST_P(archive_contract, an_absent_store_is_no_source) {
    if (!GetParam().can_refuse) GTEST_SKIP();
    EXPECT_EQ(code_of(under_test_->archive(false)), "store_absent");
}

TEST_P(archive_contract, a_turn_left_behind_can_be_ended) {
    auto const talk = *make_interaction(user_id::make(), {}, at(0));
    message_id const reply = message_id::make();
    {
        auto const served = serve();
        ASSERT_TRUE(await(served->conversations().create_interaction(talk)));
        auto const turn = await(served->conversations().begin_turn(
            {.user_id = talk.user_id,
             .interaction_id = talk.interaction_id,
             .owner = process_id::make(),
             .user_message_id = message_id::make(),
             .user_message = message_draft{message_role::user, "Hello?", {}},
             .transformed_content = std::nullopt,
             .reply_id = reply,
             .model_name = "test-model",
             .now = at(1)}));
        ASSERT_TRUE(turn.has_value());
        ASSERT_TRUE(await(served->conversations().checkpoint(turn->lease, "so far")));
    }
    auto const from = archive();
    auto const turns = from->active_turns(10);
    ASSERT_EQ(turns->size(), 1);
    EXPECT_EQ(turns->front().lease.reply_id, reply);
    auto moved = turns->front();
    ++moved.progress;
    ASSERT_TRUE(from->end_turn(moved, at(9)));
    EXPECT_EQ(from->active_turns(10)->size(), 1);
    ASSERT_TRUE(from->end_turn(turns->front(), at(9)));
    EXPECT_TRUE(from->active_turns(10)->empty());
    auto const messages = messages_in(read_all(*from));
    ASSERT_EQ(messages.size(), 2);
    EXPECT_EQ(messages[1].status, message_status::interrupted);
    EXPECT_EQ(plain_text(messages[1].content), "so far");
}

}  // namespace
}  // namespace parley::test
