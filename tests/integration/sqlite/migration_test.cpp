// A file of an older version is brought to this one, and nothing in it is lost or changed.
#include "adapters/sqlite/schema.hpp"
#include "adapters/sqlite/sqlite_store.hpp"
#include "raw_file.hpp"
#include "support/event_loops.hpp"
#include "support/temporary_folder.hpp"
#include "version_1.hpp"
#include "version_2.hpp"
#include "version_3.hpp"
#include "version_4.hpp"
#include "version_5.hpp"

#include <gtest/gtest.h>

#include <string>

namespace parley::test {
namespace {

template <class Id>
Id numbered(std::uint8_t number) {
    Id id;
    id.value.fill(number);
    return id;
}

std::string blob(uuid_bytes const& value) {
    auto text = uuid_text(value);
    std::erase(text, '-');
    return "x'" + text + "'";
}
template <class Tag>
std::string blob(id<Tag> const& value) {
    return blob(value.value);
}

/// A file of the version that the parameter says, with the local user and two interactions: a conversation of
/// four messages, and one whose reply was being written when the program died.
class migration : public testing::TestWithParam<int> {
protected:
    void SetUp() override {
        raw_file file{folder_.path()};
        file.execute(version_1);
        file.execute("PRAGMA application_id = " + std::to_string(sqlite::application_id) +
                     "; PRAGMA user_version = 1; PRAGMA journal_mode = WAL");
        file.execute("INSERT INTO users VALUES (" + blob(user_) + ", 500, 1, 'Ada', '{\"k\":\"v\"}'), (" +
                     blob(other_user_) + ", 600, NULL, 'Bob', NULL)");
        file.execute("INSERT INTO interactions VALUES (1, " + blob(talk_) + ", " + blob(user_) +
                     ", 1, 1000, 5000, 5000, 4, 4, 3, " + blob(root_) + ", NULL, " + blob(said(4)) +
                     ", NULL, NULL, 2, 0), (2, " + blob(left_) + ", " + blob(user_) +
                     ", 0, 2000, 6000, 6000, 2, 2, 1, " + blob(other_root_) + ", NULL, " + blob(said(6)) +
                     ", " + blob(said(6)) + ", " + blob(owner_) + ", 1, 7)");
        file.execute(
            "INSERT INTO interaction_details VALUES (1, 'Old', '{\"a\":\"b\"}', 'm', 1, 0.5, NULL, "
            "100, NULL, '[\"end\"]', 'Be brief.'), (2, '', NULL, NULL, 0, NULL, NULL, NULL, NULL, "
            "NULL, NULL)");
        for (int i = 1; i <= 4; ++i) insert(1, i, i, i - 1, i % 2 == 0, 0);
        insert(2, 1, 5, 0, false, 0);
        insert(2, 2, 6, 5, true, 2);
        for (auto const& [number, model] : {std::pair{2, "'m'"}, std::pair{4, "'m'"}}) {
            file.execute("UPDATE messages SET model_name = " + std::string{model} +
                         ", input_tokens = 10, cached_tokens = 4, output_tokens = 3, usage_estimated = " +
                         std::to_string(number / 4) + " WHERE message_id = " + blob(said(number)));
        }
        if (GetParam() >= 2) {
            file.execute(version_2);
            file.execute("UPDATE interactions SET expires_at = " + std::to_string(to_unix_ms(expiry_)) +
                         " WHERE interaction_key = 1; PRAGMA user_version = 2");
        }
        if (GetParam() >= 3) {
            file.execute(std::string{version_3} + "; PRAGMA user_version = 3");
            file.execute(
                "INSERT INTO requests (user_id, key, at, interaction_id, first_id, second_id, branch_id, "
                "fingerprint) VALUES (" +
                blob(user_) + ", 'key', 1000, " + blob(talk_) + ", " + blob(said(1)) + ", " + blob(said(2)) +
                ", " + blob(root_) + ", zeroblob(32))");
        }
        if (GetParam() >= 4) file.execute(std::string{version_4} + "; PRAGMA user_version = 4");
        if (GetParam() >= 5) file.execute(std::string{version_5} + "; PRAGMA user_version = 5");
    }

    /// Message `number` of the file as the `seq`th of an interaction.
    void insert(int interaction, int seq, int number, int parent, bool reply, int status) {
        raw_file{folder_.path()}.execute(
            "INSERT INTO messages (message_key, message_id, parent_id, created_at, role, status, "
            "content_kind, "
            "lease_epoch, content) VALUES ((" +
            std::to_string(interaction) + " << 32) + " + std::to_string(seq) + ", " + blob(said(number)) +
            ", " + (parent == 0 ? "NULL" : blob(said(parent))) + ", 1000, " + (reply ? "2" : "1") + ", " +
            std::to_string(status) + ", 0, " + (reply ? "1" : "NULL") + ", 'text " + std::to_string(number) +
            "')");
    }

    static message_id said(int number) { return numbered<message_id>(static_cast<std::uint8_t>(number)); }

    void open() {
        store_config settings;
        settings.path = folder_.path();
        auto opened = open_sqlite_store(settings, metrics_);
        ASSERT_TRUE(opened.has_value()) << opened.error().message << opened.error().detail;
        store_ = std::move(*opened);
    }
    template <class T>
    T await(task<T> work) {
        return loops_.run(std::move(work));
    }
    std::vector<message> messages(interaction_id const& in) {
        message_query const query{{.limit = 100, .order = page_order::ascending}, {}, false};
        auto found = await(store_->page_of_branch(user_, in, query));
        EXPECT_TRUE(found.has_value());
        return found ? found->data : std::vector<message>{};
    }

    user_id const user_ = numbered<user_id>(101);
    interaction_id const talk_ = numbered<interaction_id>(102);
    interaction_id const left_ = numbered<interaction_id>(103);
    branch_id const root_ = numbered<branch_id>(104);
    branch_id const other_root_ = numbered<branch_id>(105);
    user_id const other_user_ = numbered<user_id>(107);
    process_id const owner_ = numbered<process_id>(106);
    timestamp const expiry_ = latest_timestamp;
    temporary_folder folder_;
    no_metrics metrics_;
    std::unique_ptr<sqlite_store> store_;
    event_loops loops_;
};

INSTANTIATE_TEST_SUITE_P(from_version, migration, testing::Values(1, 2, 3, 4, 5),
                         testing::PrintToStringParamName());

TEST_P(migration, keeps_what_was_stored) {
    open();
    auto const talk = await(store_->get_interaction(user_, talk_));
    ASSERT_TRUE(talk.has_value());
    interaction expected{.interaction_id = talk_,
                         .user_id = user_,
                         .title = "Old",
                         .created_at = from_unix_ms(1000),
                         .updated_at = from_unix_ms(5000),
                         .last_message_at = from_unix_ms(5000),
                         .settings = {},
                         .metadata = {{"a", "b"}},
                         .pinned = true,
                         .message_count = 4,
                         .active_branch = root_,
                         .version = 3};
    expected.settings.model_name = "m";
    expected.settings.role = prompt_role::developer;
    expected.settings.temperature = 0.5;
    expected.settings.max_output_tokens = 100;
    expected.settings.stop = {"end"};
    expected.settings.prompt = "Be brief.";
    if (GetParam() >= 2) expected.expires_at = expiry_;
    EXPECT_EQ(*talk, expected);
    EXPECT_EQ(talk->settings.on_busy, busy_policy::reject);

    auto const found = messages(talk_);
    ASSERT_EQ(found.size(), 4U);
    for (std::size_t i = 0; i < found.size(); ++i) {
        auto const& one = found[i];
        EXPECT_EQ(one.message_id, said(static_cast<int>(i) + 1));
        EXPECT_EQ(one.branch_id, root_);
        EXPECT_EQ(one.seq, static_cast<std::int64_t>(i) + 1);
        EXPECT_EQ(one.parent_seq, static_cast<std::int64_t>(i));
        EXPECT_EQ(one.parent_id.has_value(), i > 0);
        EXPECT_EQ(one.sibling, (sibling_position{0, 1}));
        EXPECT_EQ(plain_text(one.content), "text " + std::to_string(i + 1));
    }
}

TEST_P(migration, keys_of_requests_are_known_and_can_be_forgotten) {
    open();
    remembered_request const there{.user_id = user_,
                                   .key = "key",
                                   .fingerprint = {},
                                   .interaction_id = talk_,
                                   .first = said(1),
                                   .second = said(2),
                                   .branch = root_,
                                   .at = from_unix_ms(1000)};
    EXPECT_EQ(await(store_->remember(there)), there);
    ASSERT_TRUE(await(store_->forget(there)).has_value());
    auto next = there;
    next.first = said(3);
    EXPECT_EQ(await(store_->remember(next)), next);
}

TEST_P(migration, the_local_user_becomes_an_administrator) {
    open();
    user const ada{.user_id = user_,
                   .name = "Ada",
                   .extra = {{"k", "v"}},
                   .created_at = from_unix_ms(500),
                   .is_admin = true};
    EXPECT_EQ(await(store_->local_user(from_unix_ms(9000))), ada);
    user const bob{.user_id = other_user_, .name = "Bob", .extra = {}, .created_at = from_unix_ms(600)};
    EXPECT_EQ(await(store_->get_user(other_user_)), bob);
    EXPECT_TRUE(await(store_->list_keys(user_))->empty());
}

TEST_P(migration, what_belonged_to_a_user_can_be_deleted) {
    open();
    ASSERT_TRUE(await(store_->delete_user(user_, from_unix_ms(9000))));
    EXPECT_EQ(*await(store_->purge_users(10, from_unix_ms(9000))), 2U);
    std::chrono::sys_days const epoch;
    EXPECT_TRUE(await(store_->usage_by_day(user_, epoch, epoch))->empty());
    EXPECT_TRUE(await(store_->active_turns(10))->empty());
}

TEST_P(migration, what_was_used_is_summed_up_and_counted_on) {
    open();
    std::chrono::sys_days const epoch;
    auto const used = [&] { return *await(store_->usage_by_day(user_, epoch, epoch)); };
    EXPECT_EQ(used(), (std::vector<usage_day>{{epoch, "m", 2, 20, 8, 6, 0, 1}}));
    ASSERT_TRUE(await(store_->add_usage({said(2), user_, from_unix_ms(1), "m", {1, 1, 1, false, 1}})));
    EXPECT_EQ(used()[0].generations, 2) << "that reply is counted already";
    ASSERT_TRUE(
        await(store_->add_usage({message_id::make(), user_, from_unix_ms(1), "m", {1, 1, 1, false, 1}})));
    ASSERT_TRUE(await(store_->delete_interaction(user_, talk_, std::nullopt)));
    EXPECT_EQ(used(), (std::vector<usage_day>{{epoch, "m", 3, 21, 9, 7, 1, 1}}));
}

TEST_P(migration, a_turn_left_behind_can_be_ended) {
    open();
    auto const left = await(store_->active_turns(10));
    ASSERT_TRUE(left.has_value());
    turn_lease const lease{user_, left_, said(6), owner_, 1};
    ASSERT_EQ(left->size(), 1U);
    EXPECT_EQ(left->at(0).lease, lease);
    EXPECT_EQ(left->at(0).progress, 7);
    auto const ended = await(store_->expire_turn(left->at(0), from_unix_ms(9000)));
    ASSERT_TRUE(ended && *ended);
    EXPECT_EQ((*ended)->status, message_status::interrupted);
    EXPECT_EQ(plain_text((*ended)->content), "text 6");
}

TEST_P(migration, an_old_conversation_goes_on_and_forks) {
    open();
    message_addition addition{.user_id = user_,
                              .interaction_id = talk_,
                              .message_id = message_id::make(),
                              .message = {message_role::user, "new", {}},
                              .now = from_unix_ms(9000)};
    auto const added = await(store_->add_message(addition));
    ASSERT_TRUE(added.has_value());
    EXPECT_EQ(added->parent_id, said(4));
    EXPECT_EQ(added->seq, 5);
    addition.message_id = message_id::make();
    addition.place = message_place{said(2)};
    auto const forked = await(store_->add_message(addition));
    ASSERT_TRUE(forked.has_value());
    EXPECT_EQ(forked->sibling, (sibling_position{1, 2}));
    EXPECT_EQ(messages(talk_).size(), 3U);
    interaction_patch back;
    back.active_branch = root_;
    ASSERT_TRUE(await(store_->update_interaction(user_, talk_, back, std::nullopt, from_unix_ms(9000))));
    EXPECT_EQ(messages(talk_).size(), 5U);
}

TEST_P(migration, an_old_conversation_can_expire) {
    open();
    interaction_patch patch;
    patch.expires_at = from_unix_ms(1);
    ASSERT_TRUE(await(store_->update_interaction(user_, talk_, patch, std::nullopt, from_unix_ms(9000))));
    EXPECT_FALSE(await(store_->get_interaction(user_, talk_)).has_value());
    EXPECT_EQ(*await(store_->delete_expired(from_unix_ms(9000), 10)), 1U);
}

TEST_P(migration, a_file_that_it_does_not_fit_is_refused_and_stays_as_it_is) {
    raw_file{folder_.path()}.execute("ALTER TABLE branches RENAME TO hidden");
    store_config settings;
    settings.path = folder_.path();
    auto const refused = open_sqlite_store(settings, metrics_);
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().code, "store_damaged");
    // What comes after version 3 changes no branches: that they are absent is found at the end.
    bool const last = GetParam() >= 3;
    EXPECT_EQ(raw_file{folder_.path()}.rows("PRAGMA user_version"),
              (last ? std::to_string(sqlite::schema_version) : "2") + "\n")
        << "as far as it does fit";
    EXPECT_EQ(raw_file{folder_.path()}.rows("SELECT count(*) FROM pragma_table_info('interactions') "
                                            "WHERE name = 'head_seq'"),
              last ? "1\n" : "0\n")
        << "nothing of the step is left";
    raw_file{folder_.path()}.execute("ALTER TABLE hidden RENAME TO branches");
    open();
    EXPECT_EQ(messages(talk_).size(), 4U);
}

TEST_P(migration, leads_to_the_tables_of_a_new_file) {
    open();
    store_.reset();
    auto const everything = "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name";
    auto const migrated = raw_file{folder_.path()}.rows(everything);
    EXPECT_EQ(raw_file{folder_.path()}.rows("PRAGMA user_version"),
              std::to_string(sqlite::schema_version) + "\n");
    EXPECT_EQ(raw_file{folder_.path()}.rows("PRAGMA integrity_check"), "ok\n");

    temporary_folder const fresh;
    store_config settings;
    settings.path = fresh.path();
    ASSERT_TRUE(open_sqlite_store(settings, metrics_).has_value());
    EXPECT_EQ(migrated, raw_file{fresh.path()}.rows(everything));
}

}  // namespace
}  // namespace parley::test
