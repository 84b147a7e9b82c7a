#include "store_contract.hpp"

namespace parley::test {
namespace {

class interaction_contract : public store_contract {};
PARLEY_FOR_EVERY_STORE(interaction_contract);

interaction with_everything(user_id const& owner) {
    interaction_draft draft;
    draft.title = std::string{"Zürich \xf0\x9f\x98\x80 \0 nul", 18};
    draft.settings.model_name = "a-model";
    draft.settings.role = prompt_role::developer;
    draft.settings.prompt = std::string(30'000, 'p');
    draft.settings.temperature = 0.0;
    draft.settings.top_p = 0.1;
    draft.settings.max_output_tokens = 131'072;
    draft.settings.stop = {"\n\n", "\"quoted\"", "end"};
    draft.settings.seed = 4'294'967'295;
    draft.settings.on_busy = busy_policy::interrupt;
    draft.settings.content_template = "Today {{date}} \"\n{{content}}";
    draft.settings.mask = {masked::email, masked::card};
    draft.metadata = {{"key", "value"}, {"empty", ""}, {"quote\"", "line\nbreak"}};
    draft.pinned = true;
    draft.archived = true;
    draft.expires_at = latest_timestamp;
    return *make_interaction(owner, draft, at(7));
}

TEST_P(interaction_contract, gives_back_every_field_as_it_was_stored) {
    auto const stored = with_everything(user_id::make());
    ASSERT_TRUE(await(conversations().create_interaction(stored)));
    EXPECT_EQ(read(stored), stored);
}

TEST_P(interaction_contract, gives_back_absent_fields_as_absent) {
    auto const stored = create(user_id::make());
    auto const found = read(stored);
    EXPECT_EQ(found, stored);
    EXPECT_EQ(found.settings.temperature, std::nullopt);
    EXPECT_TRUE(found.metadata.empty());
}

TEST_P(interaction_contract, refuses_an_id_that_is_taken_and_keeps_what_was_there) {
    auto const first = create(user_id::make());
    auto second = *make_interaction(user_id::make(), {.title = "Another"}, at(5));
    second.interaction_id = first.interaction_id;
    auto const refused = await(conversations().create_interaction(second));
    EXPECT_EQ(code_of(refused), "interaction_exists");
    EXPECT_EQ(refused.error().kind, error_kind::conflict);
    EXPECT_EQ(read(first), first);
}

TEST_P(interaction_contract, an_absent_one_is_not_found) {
    auto const user = user_id::make();
    auto const absent = interaction_id::make();
    auto const got = await(conversations().get_interaction(user, absent));
    EXPECT_EQ(code_of(got), "interaction_not_found");
    EXPECT_EQ(got.error().kind, error_kind::not_found);
    EXPECT_EQ(
        code_of(await(conversations().update_interaction(user, absent, {.title = "x"}, std::nullopt, at(1)))),
        "interaction_not_found");
    EXPECT_EQ(code_of(await(conversations().delete_interaction(user, absent, std::nullopt))),
              "interaction_not_found");
}

TEST_P(interaction_contract, a_patch_changes_what_it_names_and_nothing_else) {
    auto const before = with_everything(user_id::make());
    ASSERT_TRUE(await(conversations().create_interaction(before)));
    interaction_patch patch;
    patch.title = "Renamed";
    patch.archived = false;
    patch.settings.emplace();
    patch.settings->temperature = std::optional{1.5};
    patch.settings->prompt = std::optional<std::string>{};
    patch.settings->on_busy = busy_policy::queue;
    patch.settings->mask = std::vector{masked::phone};
    patch.settings->content_template = std::optional<std::string>{};

    auto const changed = await(conversations().update_interaction(before.user_id, before.interaction_id,
                                                                  patch, std::nullopt, at(20)));
    auto expected = before;
    expected.title = "Renamed";
    expected.archived = false;
    expected.settings.temperature = 1.5;
    expected.settings.prompt.reset();
    expected.settings.on_busy = busy_policy::queue;
    expected.settings.mask = {masked::phone};
    expected.settings.content_template.reset();
    expected.version = before.version + 1;
    expected.updated_at = at(20);
    ASSERT_TRUE(changed.has_value());
    EXPECT_EQ(*changed, expected);
    EXPECT_EQ(read(before), expected);
}

TEST_P(interaction_contract, a_patch_that_changes_nothing_writes_nothing) {
    auto const before = create(user_id::make(), at(0), [](interaction& value) { value.title = "Same"; });
    for (auto const& patch : {interaction_patch{}, interaction_patch{.title = "Same", .pinned = false}}) {
        auto const same = await(conversations().update_interaction(before.user_id, before.interaction_id,
                                                                   patch, std::nullopt, at(20)));
        ASSERT_TRUE(same.has_value());
        EXPECT_EQ(*same, before);
        EXPECT_EQ(read(before), before);
    }
}

TEST_P(interaction_contract, a_patch_with_a_version_applies_to_that_version_only) {
    auto const before = create(user_id::make());
    interaction_patch const patch{.title = "New"};
    auto const late = await(conversations().update_interaction(before.user_id, before.interaction_id, patch,
                                                               before.version + 1, at(1)));
    EXPECT_EQ(code_of(late), "version_mismatch");
    EXPECT_EQ(late.error().kind, error_kind::precondition_failed);
    EXPECT_EQ(read(before), before);
    auto const right = await(conversations().update_interaction(before.user_id, before.interaction_id, patch,
                                                                before.version, at(1)));
    ASSERT_TRUE(right.has_value());
    EXPECT_EQ(right->version, before.version + 1);
}

TEST_P(interaction_contract, a_version_is_checked_even_when_nothing_would_change) {
    auto const before = create(user_id::make());
    EXPECT_EQ(code_of(await(conversations().update_interaction(before.user_id, before.interaction_id, {},
                                                               before.version + 1, at(1)))),
              "version_mismatch");
}

TEST_P(interaction_contract, a_change_never_turns_its_time_back) {
    auto const before = create(user_id::make(), at(100));
    auto const changed = await(conversations().update_interaction(before.user_id, before.interaction_id,
                                                                  {.title = "Earlier"}, std::nullopt, at(1)));
    ASSERT_TRUE(changed.has_value());
    EXPECT_EQ(changed->updated_at, at(100));
}

TEST_P(interaction_contract, racing_patches_with_one_version_succeed_once) {
    auto const before = create(user_id::make());
    std::vector<task<result<interaction>>> racing;
    for (int i = 0; i < 20; ++i) {
        racing.push_back(conversations().update_interaction(before.user_id, before.interaction_id,
                                                            {.title = "Writer " + std::to_string(i)},
                                                            before.version, at(1)));
    }
    int won = 0;
    std::string title;
    for (auto const& outcome : loops().run_all(std::move(racing))) {
        if (outcome) {
            ++won;
            title = outcome->title;
        } else {
            EXPECT_EQ(outcome.error().code, "version_mismatch");
        }
    }
    EXPECT_EQ(won, 1);
    EXPECT_EQ(read(before).title, title);
}

TEST_P(interaction_contract, an_interaction_without_a_title_takes_the_suggested_one) {
    auto const before = create(user_id::make());
    auto const suggest = [&](interaction const& in, std::string title) {
        return await(conversations().suggest_title(in.user_id, in.interaction_id, std::move(title), at(20)));
    };
    auto const named = suggest(before, "Z\xc3\xbcrich");
    ASSERT_TRUE(named && *named);
    auto expected = before;
    expected.title = "Z\xc3\xbcrich";
    expected.version = before.version + 1;
    expected.updated_at = at(20);
    EXPECT_EQ(**named, expected);
    EXPECT_EQ(read(before), expected);

    auto const again = suggest(before, "Another");
    ASSERT_TRUE(again.has_value());
    EXPECT_EQ(*again, std::nullopt);
    EXPECT_EQ(read(before), expected);

    auto const theirs = create(before.user_id, at(0), [](interaction& value) { value.title = "A person's"; });
    auto const refused = suggest(theirs, "A model's");
    ASSERT_TRUE(refused.has_value());
    EXPECT_EQ(*refused, std::nullopt);
    EXPECT_EQ(read(theirs), theirs);

    auto foreign = create(user_id::make());
    auto const kept = foreign;
    foreign.user_id = before.user_id;
    EXPECT_EQ(code_of(suggest(foreign, "x")), "interaction_not_found");
    EXPECT_EQ(read(kept), kept);
    foreign.interaction_id = interaction_id::make();
    EXPECT_EQ(code_of(suggest(foreign, "x")), "interaction_not_found");
}

TEST_P(interaction_contract, a_suggested_title_keeps_everything_else) {
    auto before = with_everything(user_id::make());
    before.title.clear();
    ASSERT_TRUE(await(conversations().create_interaction(before)));
    auto const named =
        await(conversations().suggest_title(before.user_id, before.interaction_id, "Named", at(20)));
    ASSERT_TRUE(named && *named);
    before.title = "Named";
    before.version += 1;
    before.updated_at = at(20);
    EXPECT_EQ(**named, before);
    EXPECT_EQ(read(before), before);
}

TEST_P(interaction_contract, of_racing_suggestions_one_names_it) {
    auto const before = create(user_id::make());
    std::vector<task<result<std::optional<interaction>>>> racing;
    for (int i = 0; i < 20; ++i) {
        racing.push_back(conversations().suggest_title(before.user_id, before.interaction_id,
                                                       "Title " + std::to_string(i), at(1)));
    }
    std::vector<std::string> titles;
    for (auto const& outcome : loops().run_all(std::move(racing))) {
        ASSERT_TRUE(outcome.has_value());
        if (*outcome) titles.push_back((*outcome)->title);
    }
    EXPECT_EQ(titles, std::vector{read(before).title});
    EXPECT_EQ(read(before).version, before.version + 1);
}

TEST_P(interaction_contract, deleting_reaches_everything_that_hangs_on_it) {
    auto const gone = create(user_id::make());
    auto const kept = create(gone.user_id);
    auto const said = append(gone, "to be deleted");
    auto const turn = begin(gone);
    auto const other = append(kept, "stays");
    ASSERT_TRUE(said && other);

    ASSERT_TRUE(await(conversations().delete_interaction(gone.user_id, gone.interaction_id, std::nullopt)));
    EXPECT_EQ(code_of(await(conversations().get_interaction(gone.user_id, gone.interaction_id))),
              "interaction_not_found");
    EXPECT_EQ(code_of(messages(gone, {})), "interaction_not_found");
    EXPECT_EQ(
        code_of(await(conversations().get_message(gone.user_id, gone.interaction_id, said->message_id))),
        "interaction_not_found");
    EXPECT_EQ(
        code_of(await(conversations().get_message(kept.user_id, kept.interaction_id, said->message_id))),
        "message_not_found");
    EXPECT_EQ(code_of(append(gone, "too late")), "interaction_not_found");
    EXPECT_EQ(code_of(await(conversations().checkpoint(turn.lease, "too late"))), "turn_lost");
    EXPECT_EQ(code_of(await(conversations().finish_turn(turn.lease, outcome("too late")))), "turn_lost");
    auto const running = await(conversations().active_turns(10));
    ASSERT_TRUE(running.has_value());
    EXPECT_TRUE(running->empty());
    EXPECT_EQ(all_messages(kept), std::vector{*other});
    EXPECT_EQ(
        code_of(await(conversations().delete_interaction(gone.user_id, gone.interaction_id, std::nullopt))),
        "interaction_not_found");
}

TEST_P(interaction_contract, a_new_interaction_finds_nothing_of_a_deleted_one) {
    auto const gone = create(user_id::make());
    ASSERT_TRUE(append(gone, "old").has_value());
    ASSERT_TRUE(await(conversations().delete_interaction(gone.user_id, gone.interaction_id, std::nullopt)));
    auto fresh = *make_interaction(gone.user_id, {}, at(9));
    fresh.interaction_id = gone.interaction_id;
    ASSERT_TRUE(await(conversations().create_interaction(fresh)));
    EXPECT_EQ(read(fresh), fresh);
    EXPECT_TRUE(all_messages(fresh).empty());
}

TEST_P(interaction_contract, deleting_with_a_version_deletes_that_version_only) {
    auto const value = create(user_id::make());
    EXPECT_EQ(code_of(await(conversations().delete_interaction(value.user_id, value.interaction_id,
                                                               value.version + 1))),
              "version_mismatch");
    EXPECT_EQ(read(value), value);
    EXPECT_EQ(code_of(await(
                  conversations().delete_interaction(value.user_id, value.interaction_id, value.version))),
              "ok");
}

TEST_P(interaction_contract, another_users_interaction_is_like_an_absent_one) {
    auto const theirs = create(user_id::make());
    auto const said = append(theirs, "private");
    ASSERT_TRUE(said.has_value());
    auto foreign = theirs;
    foreign.user_id = user_id::make();

    EXPECT_EQ(code_of(await(conversations().get_interaction(foreign.user_id, theirs.interaction_id))),
              "interaction_not_found");
    EXPECT_EQ(code_of(await(conversations().update_interaction(foreign.user_id, theirs.interaction_id,
                                                               {.title = "x"}, std::nullopt, at(1)))),
              "interaction_not_found");
    // Not version_mismatch, which would tell that it is there.
    EXPECT_EQ(code_of(await(conversations().update_interaction(foreign.user_id, theirs.interaction_id,
                                                               {.title = "x"}, 77, at(1)))),
              "interaction_not_found");
    EXPECT_EQ(code_of(await(conversations().delete_interaction(foreign.user_id, theirs.interaction_id, 77))),
              "interaction_not_found");
    EXPECT_EQ(code_of(append(foreign, "x")), "interaction_not_found");
    EXPECT_EQ(code_of(append(foreign, "x", at(1), said->message_id)), "interaction_not_found");
    EXPECT_EQ(code_of(await(conversations().begin_turn(draft_turn(foreign)))), "interaction_not_found");
    EXPECT_EQ(code_of(messages(foreign, {})), "interaction_not_found");
    EXPECT_EQ(
        code_of(await(conversations().get_message(foreign.user_id, theirs.interaction_id, said->message_id))),
        "interaction_not_found");
    auto const list = await(conversations().list_interactions(foreign.user_id, {}));
    ASSERT_TRUE(list.has_value());
    EXPECT_TRUE(list->data.empty());
    EXPECT_EQ(all_messages(theirs), std::vector{*said});
}

TEST_P(interaction_contract, a_message_id_of_another_users_interaction_reveals_nothing) {
    auto const theirs = create(user_id::make());
    auto const said = append(theirs, "private");
    ASSERT_TRUE(said.has_value());
    auto const mine = create(user_id::make());
    EXPECT_EQ(
        code_of(await(conversations().get_message(mine.user_id, mine.interaction_id, said->message_id))),
        "message_not_found");
    auto const refused = append(mine, "x", at(1), said->message_id);
    EXPECT_EQ(code_of(refused), "message_exists");
    EXPECT_TRUE(all_messages(mine).empty());
    EXPECT_EQ(all_messages(theirs), std::vector{*said});
}

TEST_P(interaction_contract, answers_a_ping) { EXPECT_EQ(code_of(await(conversations().ping())), "ok"); }

}  // namespace
}  // namespace parley::test
