#include "integration/turn/turn_fixture.hpp"
#include "modules/prompt/prompt_builder.hpp"
#include "modules/turn/left_turns.hpp"

#include <gtest/gtest.h>

#include <set>
#include <stdexcept>

namespace parley {
namespace {

using namespace std::chrono_literals;

TEST_F(turn_fixture, a_reply_is_written_to_its_end_without_a_reader) {
    auto const chat = new_interaction();
    auto const begun = send(chat, R"(script:{"tokens":["Hel","lo"]})");
    ASSERT_TRUE(begun);
    EXPECT_EQ(begun->reply.status, message_status::in_progress);
    auto const reply = read(begun->reply);
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->status, message_status::complete);
    EXPECT_EQ(plain_text(reply->content), "Hello");
    EXPECT_EQ(reply->finish_reason, finish_reason::stop);
    EXPECT_EQ(reply->model_name, "scripted");
    EXPECT_EQ(reply->usage->output_tokens, 2);
    EXPECT_EQ(reply->parent_id, begun->user_message.message_id);
}

TEST_F(turn_fixture, the_prompt_carries_the_settings_prompt_and_the_history) {
    auto const chat = new_interaction({.prompt = "Be brief."});
    EXPECT_EQ(echoed(chat, "My name is Ada."), "[system] Be brief. | [user] My name is Ada.");
    EXPECT_EQ(echoed(chat, "Who am I?"),
              "[system] Be brief. | [user] My name is Ada. | [assistant] [system] Be brief. | [user] My name "
              "is Ada. | "
              "[user] Who am I?");
}

TEST_F(turn_fixture, the_settings_role_names_the_prompt) {
    EXPECT_EQ(echoed(new_interaction({.role = prompt_role::developer, .prompt = "Be brief."}), "Hi"),
              "[developer] Be brief. | [user] Hi");
}

TEST_F(turn_fixture, messages_without_a_reply_are_read_together_with_the_next) {
    auto const chat = new_interaction();
    ASSERT_TRUE(finish(service_->append(note(chat, "One."))));
    EXPECT_EQ(echoed(chat, "Two."), "[user] One.\n\nTwo.");
}

TEST_F(turn_fixture, a_long_conversation_is_cut_from_the_front) {
    auto const chat = new_interaction({.prompt = "Be brief.", .max_output_tokens = 64});
    for (int i = 0; i < 40; ++i) {
        auto said = note(chat, "note " + std::to_string(i) + " one two three four five six seven eight nine");
        ASSERT_TRUE(finish(service_->append(std::move(said))));
    }
    auto const last = finish(store_.append_message(user_, chat.interaction_id, message_id::make(),
                                                   {.content = "Last."}, time_.now()));
    auto const prompt = finish(build_prompt(store_, *models_->all().front(), chat.settings, user_, *last));
    ASSERT_TRUE(prompt);
    EXPECT_EQ(prompt->front().content, "Be brief.");
    EXPECT_TRUE(prompt->back().content.ends_with("Last."));
    EXPECT_TRUE(prompt->back().content.contains("note 39"));
    EXPECT_FALSE(prompt->back().content.contains("note 0 "));
}

TEST_F(turn_fixture, a_cut_stays_where_it_is_for_many_turns_and_begins_with_a_user) {
    auto const chat = new_interaction({.prompt = "Be brief.", .max_output_tokens = 64});
    std::set<std::string> fronts;
    for (int i = 0; i < 120; ++i) {
        auto const begun = send(chat, R"(script:{"tokens":["it is )" + std::to_string(i) + R"("]})");
        ASSERT_TRUE(begun);
        ASSERT_EQ(read(begun->reply)->status, message_status::complete);
        auto const prompt =
            finish(build_prompt(store_, *models_->all().front(), chat.settings, user_, begun->user_message));
        ASSERT_TRUE(prompt);
        ASSERT_GT(prompt->size(), i == 0 ? 1U : 3U);
        EXPECT_EQ(prompt->at(1).role, "user");
        EXPECT_EQ(prompt->back().content, plain_text(begun->user_message.content));
        fronts.insert(prompt->at(1).content);
    }
    EXPECT_GT(fronts.size(), 3U);
    EXPECT_LE(fronts.size(), 20U);
}

TEST_F(turn_fixture, a_message_beyond_the_window_is_refused_with_the_numbers) {
    std::string longer;
    for (int i = 0; i < 400; ++i) longer += "word ";
    auto const refused = send(new_interaction(), longer);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "context_length_exceeded");
    EXPECT_TRUE(refused.error().message.contains("256")) << refused.error().message;
}

TEST_F(turn_fixture, a_model_that_breaks_off_leaves_its_text_and_the_reason) {
    auto const chat = new_interaction();
    auto const begun = send(chat, R"(script:{"tokens":["a","b","c"],"fail_after":2})");
    auto const reply = read(begun->reply);
    EXPECT_EQ(reply->status, message_status::failed);
    EXPECT_EQ(plain_text(reply->content), "ab");
    ASSERT_TRUE(reply->error);
    auto const next = send(chat, R"(script:{"tokens":["fine"]})");
    ASSERT_TRUE(next);
    EXPECT_EQ(read(next->reply)->status, message_status::complete);
}

TEST_F(turn_fixture, tools_take_their_part_of_the_window) {
    std::string long_text;
    for (int i = 0; i < 150; ++i) long_text += "word ";
    auto const chat = new_interaction(
        {.max_output_tokens = 60,
         .tools = {{.name = "look", .description = long_text, .parameters = R"({"type":"object"})"}}});
    // Of 256 tokens 60 are the reply's, 151 the tool's: what is said in more than 40 words does not fit.
    std::string said;
    for (int i = 0; i < 30; ++i) said += "word ";
    EXPECT_TRUE(send(chat, said));
    auto const refused = send(chat, said + said);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "context_length_exceeded");
    // The first turn's words are left out for the next one's.
    EXPECT_FALSE(echoed(chat, said).contains("|"));
}

class throwing_model final : public language_model {
public:
    [[nodiscard]] model_info info() const override {
        return {.name = "broken", .context_window = 256, .parallel = 1};
    }
    [[nodiscard]] task<result<std::int64_t>> count_tokens(generation_request) override { co_return 3; }
    [[nodiscard]] result<std::unique_ptr<generation>> start(generation_request,
                                                            boost::asio::any_io_executor) override {
        throw std::runtime_error{"a library's secret"};
    }
};

TEST_F(turn_fixture, a_model_that_throws_fails_its_reply_and_the_interaction_goes_on) {
    std::vector<std::unique_ptr<language_model>> only;
    only.push_back(std::make_unique<throwing_model>());
    model_catalog const broken{std::move(only), "broken"};
    turn_service service{
        turn_sources{store_, store_, store_, broken, transforms_}, feed_, news_, time_, seen_, owner_};
    auto const chat = new_interaction();
    auto const begun = finish(service.begin(request(chat, "Hi"), executor()));
    ASSERT_TRUE(begun);
    auto const reply = read(begun->reply);
    EXPECT_EQ(reply->status, message_status::failed);
    ASSERT_TRUE(reply->error);
    EXPECT_FALSE(reply->error->message.contains("secret"));
    EXPECT_TRUE(send(chat, "Hi again"));
}

/// Its disk hangs while a turn begins, and comes back after the caller was told to wait no longer.
class late_store final : public memory_store {
public:
    [[nodiscard]] task<result<turn_start>> begin_turn(turn_draft draft) override {
        auto const begun = co_await memory_store::begin_turn(std::move(draft));
        EXPECT_TRUE(begun);
        co_return fail(error_kind::timed_out, "store_timeout", "The store took too long.");
    }
};

TEST_F(turn_fixture, a_turn_that_began_after_its_caller_was_told_otherwise_is_interrupted) {
    late_store store;
    turn_service service{
        turn_sources{store, store_, store_, *models_, transforms_}, feed_, news_, time_, seen_, owner_};
    auto const chat = *make_interaction(user_, {}, time_.now());
    ASSERT_TRUE(finish(store.create_interaction(chat)));
    auto const begun = finish(service.begin(request(chat, "Hi"), executor()));
    ASSERT_FALSE(begun);
    EXPECT_EQ(begun.error().code, "store_timeout");
    EXPECT_EQ(finish(service.append(note(chat, "?"))).error().code, "turn_in_progress");

    left_turns watch{store, [&](message_id reply) { return service.writes(reply); }, time_, news_, 10s};
    left_turns::steady::time_point const start{};
    EXPECT_EQ(*finish(watch.look(start)), 0U);
    EXPECT_EQ(*finish(watch.look(start + 10s)), 1U);
    auto const page = finish(store.page_of_branch(user_, chat.interaction_id, {}));
    EXPECT_EQ(page->data.front().status, message_status::interrupted);
    EXPECT_TRUE(finish(service.append(note(chat, "again"))));
}

TEST_F(turn_fixture, an_unknown_model_stores_nothing) {
    auto const chat = new_interaction({.model_name = "nobody"});
    EXPECT_EQ(send(chat, "Hi").error().code, "unknown_model");
    EXPECT_EQ(finish(store_.get_interaction(user_, chat.interaction_id))->message_count, 0);
}

constexpr auto waits_for_stop = R"(script:{"tokens":["partial"],"wait_for_stop":true})";

task<result<message>> begin_and_stop(turn_service& service, turn_request asked,
                                     boost::asio::any_io_executor executor) {
    auto const begun = co_await service.begin(asked, executor);
    if (!begun) co_return std::unexpected(begun.error());
    co_return co_await service.stop(asked.user_id, asked.interaction_id, begun->reply.message_id, executor);
}

TEST_F(turn_fixture, stop_ends_a_reply_and_is_idempotent) {
    auto const chat = new_interaction();
    auto const stopped = finish(begin_and_stop(*service_, request(chat, waits_for_stop), executor()));
    ASSERT_TRUE(stopped);
    EXPECT_EQ(stopped->status, message_status::stopped);
    auto const again = finish(service_->stop(user_, chat.interaction_id, stopped->message_id, executor()));
    ASSERT_TRUE(again);
    EXPECT_EQ(*again, *stopped);
    auto const asked = finish(service_->stop(user_, chat.interaction_id, *stopped->parent_id, executor()));
    EXPECT_EQ(asked.error().code, "not_a_reply");
}

task<result<message>> begin_twice(turn_service& service, turn_request waits, turn_request another,
                                  std::string& refusal, boost::asio::any_io_executor executor) {
    auto const first = co_await service.begin(waits, executor);
    if (!first) co_return std::unexpected(first.error());
    auto const second = co_await service.begin(another, executor);
    refusal = second ? "accepted" : second.error().code + "@" + second.error().param;
    refusal = refusal == "turn_in_progress@" + first->reply.message_id.text() ? "as expected" : refusal;
    co_return co_await service.stop(waits.user_id, waits.interaction_id, first->reply.message_id, executor);
}

TEST_F(turn_fixture, one_reply_at_a_time) {
    auto const chat = new_interaction();
    std::string refusal;
    ASSERT_TRUE(finish(
        begin_twice(*service_, request(chat, waits_for_stop), request(chat, "Hi"), refusal, executor())));
    EXPECT_EQ(refusal, "as expected");
    EXPECT_TRUE(send(chat, "Hi"));
}

TEST_F(turn_fixture, replies_of_a_dead_process_are_interrupted_with_their_last_checkpoint) {
    auto const chat = new_interaction();
    turn_draft left{.user_id = user_,
                    .interaction_id = chat.interaction_id,
                    .owner = process_id::make(),
                    .user_message_id = message_id::make(),
                    .user_message = message_draft{.content = "Hi"},
                    .transformed_content = std::nullopt,
                    .reply_id = message_id::make(),
                    .model_name = "scripted",
                    .now = time_.now()};
    auto const begun = finish(store_.begin_turn(left));
    ASSERT_TRUE(begun);
    ASSERT_TRUE(finish(store_.checkpoint(begun->lease, "half")));
    EXPECT_EQ(send(chat, "Hi again").error().code, "turn_in_progress");

    EXPECT_EQ(finish(service_->recover()), 1U);
    auto const reply = read(begun->reply);
    EXPECT_EQ(reply->status, message_status::interrupted);
    EXPECT_EQ(plain_text(reply->content), "half");
    EXPECT_TRUE(send(chat, "Hi again"));
    EXPECT_EQ(finish(service_->recover()), 0U);
}

TEST_F(turn_fixture, nothing_begins_while_the_server_shuts_down) {
    auto const chat = new_interaction();
    service_->refuse();
    EXPECT_EQ(send(chat, "Hi").error().code, "shutting_down");
    EXPECT_EQ(finish(store_.get_interaction(user_, chat.interaction_id))->message_count, 0);
}

}  // namespace
}  // namespace parley
