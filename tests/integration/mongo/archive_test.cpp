// A MongoDB database as an archive: what a dead process left half done in it, and connections that break.
#include "adapters/mongo/mongo_archive.hpp"
#include "mongo_fixture.hpp"

namespace parley::test {
namespace {

class archive_over_mongo : public mongo_fixture {
protected:
    using fault = wire_proxy::fault;

    std::unique_ptr<store_archive> archive(std::string const& uri, bool to_fill) {
        auto opened = open_mongo_archive(settings(uri), to_fill);
        if (!opened) throw std::runtime_error(opened.error().message + opened.error().detail);
        return std::move(*opened);
    }
};

TEST_F(archive_over_mongo, what_was_stored_and_never_acknowledged_is_not_there) {
    auto const straight = open(direct());
    auto const in = create(*straight);
    auto const kept = await(straight->append_message(in.user_id, in.interaction_id, message_id::make(),
                                                     {message_role::user, "kept", {}}, at(1)));
    ASSERT_TRUE(kept.has_value());
    auto const other = create(*straight);
    {
        auto const broken = open(proxy_.uri());
        proxy_.break_at(fault::die, 3);  // find, insert, and no update
        EXPECT_NE(code_of(await(broken->append_message(in.user_id, in.interaction_id, message_id::make(),
                                                       {message_role::user, "half", {}}, at(2)))),
                  "ok");
        ASSERT_TRUE(proxy_.struck());
        proxy_.heal();
    }
    auto const from = archive(direct(), false);
    EXPECT_EQ(from->count()->messages, 2) << "the quick count does not look";
    auto const parts = from->conversations_after({});
    ASSERT_TRUE(parts.has_value());
    ASSERT_EQ(parts->size(), 2);
    EXPECT_EQ((*parts)[0].messages, std::vector{*kept});
    EXPECT_EQ((*parts)[0].interaction.last_seq, 1);
    EXPECT_TRUE((*parts)[0].is_last);
    EXPECT_EQ((*parts)[1].interaction.value, other);
}

TEST_F(archive_over_mongo, a_reply_that_was_withdrawn_by_halves_does_not_wait) {
    auto const straight = open(direct());
    auto const in = create(*straight);
    auto const first = await(straight->begin_turn(draft_in(in)));
    ASSERT_TRUE(first.has_value());
    auto const gone = await(straight->begin_turn(patient_draft_in(in)));
    auto const kept = await(straight->begin_turn(patient_draft_in(in)));
    ASSERT_TRUE(gone && kept);
    ASSERT_TRUE(await(straight->finish_turn(first->lease, complete("done"))));
    {
        auto const broken = open(proxy_.uri());
        proxy_.break_at(fault::die, 3);  // it was stopped, and still stands among those that wait
        EXPECT_NE(code_of(await(
                      broken->withdraw_turns(in.user_id, in.interaction_id, gone->reply.message_id, at(3)))),
                  "ok");
        ASSERT_TRUE(proxy_.struck());
        proxy_.heal();
    }
    auto const parts = archive(direct(), false)->conversations_after({});
    ASSERT_TRUE(parts.has_value());
    ASSERT_EQ(parts->size(), 1);
    EXPECT_EQ((*parts)[0].interaction.waiting, std::vector{kept->reply.message_id});
    ASSERT_EQ((*parts)[0].messages.size(), 6);
    EXPECT_EQ((*parts)[0].messages[3].status, message_status::stopped);
}

TEST_F(archive_over_mongo, a_batch_whose_answer_was_lost_is_there_once) {
    conversation_part part;
    part.interaction.value = *make_interaction(user_id::make(), {}, at(0));
    part.interaction.root_branch = part.interaction.value.active_branch;
    for (std::int64_t seq = 1; seq <= 3; ++seq) {
        message one;
        one.interaction_id = part.interaction.value.interaction_id;
        one.branch_id = part.interaction.root_branch;
        one.message_id = message_id::make();
        one.seq = seq;
        one.content = "text";
        part.messages.push_back(one);
    }
    part.interaction.last_seq = 3;
    auto const to = archive(proxy_.uri(), true);
    ASSERT_EQ(*to->receive_from("ada"), reception::fresh);
    for (auto const what : {fault::lose_reply, fault::lose_request}) {
        for (int command = 1; command <= 2; ++command) {
            ASSERT_TRUE(to->remove_conversations(std::span{&part.interaction.value.interaction_id, 1}));
            proxy_.break_at(what, command);
            auto const put = to->put_conversations(std::span{&part, 1});
            ASSERT_TRUE(put.has_value()) << put.error().detail;
            EXPECT_TRUE(proxy_.struck());
            proxy_.heal();
            auto const found = to->conversations_after({});
            ASSERT_TRUE(found.has_value());
            ASSERT_EQ(found->size(), 1);
            EXPECT_EQ((*found)[0].messages, part.messages);
            EXPECT_EQ(*to->count(), (archive_counts{0, 1, 3}));
        }
    }
}

}  // namespace
}  // namespace parley::test
