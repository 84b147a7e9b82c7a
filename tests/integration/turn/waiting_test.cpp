// Replies that wait for each other, at the moments where two things happen at once.
#include "turn_fixture.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace parley {
namespace {

using namespace std::chrono_literals;

constexpr auto endless = R"(script:{"tokens":["x"],"wait_for_stop":true})";

/// Holds up answers of the store until something has happened.
class held_store final : public memory_store {
public:
    [[nodiscard]] task<result<turn_start>> begin_turn(turn_draft draft) override {
        auto begun = co_await memory_store::begin_turn(std::move(draft));
        if (begun && begun->reply.status == message_status::queued) co_await until(after_queueing);
        co_return begun;
    }
    [[nodiscard]] task<result<std::optional<turn_start>>> next_turn(user_id user, interaction_id id,
                                                                    process_id owner,
                                                                    timestamp now) override {
        auto next = co_await memory_store::next_turn(user, id, owner, now);
        if (next && *next) {
            ++taken;
            co_await until(after_taking);
        }
        co_return next;
    }

    std::function<bool()> after_queueing = [] { return true; };
    std::function<bool()> after_taking = [] { return true; };
    int taken = 0;

private:
    static task<void> until(std::function<bool()> const& happened) {
        boost::asio::steady_timer timer{co_await boost::asio::this_coro::executor};
        while (!happened()) {
            timer.expires_after(1ms);
            co_await timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
        }
    }
};

class waiting_in_an_interaction : public turn_fixture {
protected:
    waiting_in_an_interaction() {
        service_.emplace(turn_sources{held_, held_, held_, *models_, transforms_}, feed_, news_, time_, seen_,
                         owner_);
        user_ = finish(held_.local_user(time_.now()))->user_id;
        chat_ = *make_interaction(user_, {.settings = {.on_busy = busy_policy::queue}}, time_.now());
        EXPECT_TRUE(finish(held_.create_interaction(chat_)));
    }

    message stored(message const& which) {
        return finish(held_.get_message(user_, which.interaction_id, which.message_id)).value();
    }

    held_store held_;
    interaction chat_;
};

task<result<message>> begin_two(turn_service& service, turn_request first, turn_request second,
                                boost::asio::any_io_executor executor) {
    auto const running = co_await service.begin(std::move(first), executor);
    if (!running) co_return std::unexpected(running.error());
    auto const waiting = co_await service.begin(std::move(second), executor);
    if (!waiting) co_return std::unexpected(waiting.error());
    co_return co_await service.wait(waiting->lease.user_id, waiting->lease.interaction_id,
                                    waiting->reply.message_id, executor);
}

TEST_F(waiting_in_an_interaction,
       a_turn_that_comes_before_its_sender_knows_that_it_waits_is_written_all_the_same) {
    held_.after_queueing = [this] { return held_.taken > 0; };
    auto const second =
        finish(begin_two(*service_, request(chat_, R"(script:{"tokens":["one"],"delay_ms":20})"),
                         request(chat_, R"(script:{"tokens":["two"]})"), executor()));
    ASSERT_TRUE(second);
    EXPECT_EQ(second->status, message_status::complete);
    EXPECT_EQ(plain_text(second->content), "two");
}

task<result<message>> stop_while_it_is_taken(turn_service& service, held_store& store, turn_request first,
                                             turn_request second, boost::asio::any_io_executor executor) {
    auto const running = co_await service.begin(std::move(first), executor);
    auto const waiting = co_await service.begin(std::move(second), executor);
    if (!running || !waiting) co_return internal_error("not begun");
    auto const& lease = waiting->lease;
    bool asked = false;
    store.after_taking = [&] { return asked; };
    static_cast<void>(
        co_await service.stop(lease.user_id, lease.interaction_id, running->reply.message_id, executor));
    boost::asio::steady_timer timer{executor};
    while (store.taken == 0) {
        timer.expires_after(1ms);
        co_await timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    }
    // The store has it as in progress now, and nobody writes it yet.
    timer.expires_after(20ms);
    timer.async_wait([&](auto const&) { asked = true; });
    co_return co_await service.stop(lease.user_id, lease.interaction_id, lease.reply_id, executor);
}

TEST_F(waiting_in_an_interaction, a_stop_reaches_a_reply_that_is_being_taken_out_of_its_line) {
    auto const stopped = finish(stop_while_it_is_taken(*service_, held_, request(chat_, endless),
                                                       request(chat_, endless), executor()));
    ASSERT_TRUE(stopped) << stopped.error().code;
    EXPECT_EQ(stopped->status, message_status::stopped);
}

/// Is ready when it is told so, and notes under whose trace it is asked.
class watched_model final : public language_model {
public:
    explicit watched_model(std::unique_ptr<language_model> inner) : inner_(std::move(inner)) {}
    [[nodiscard]] model_info info() const override {
        auto told = inner_->info();
        if (!ready) told.state = model_state::loading;
        return told;
    }
    [[nodiscard]] task<result<std::int64_t>> count_tokens(generation_request request) override {
        return inner_->count_tokens(std::move(request));
    }
    [[nodiscard]] result<std::unique_ptr<generation>> start(generation_request asked,
                                                            boost::asio::any_io_executor on) override {
        traces.push_back(asked.trace.traceparent + " " + asked.trace.request_id);
        return inner_->start(std::move(asked), std::move(on));
    }
    bool ready = true;
    std::vector<std::string> traces;

private:
    std::unique_ptr<language_model> inner_;
};

TEST_F(waiting_in_an_interaction, is_written_under_the_trace_of_who_has_asked_for_it) {
    model_config settings;
    settings.name = "scripted";
    settings.kind = "scripted";
    auto owned = std::make_unique<watched_model>(make_scripted_model(settings, seen_));
    auto const& model = *owned;
    std::vector<std::unique_ptr<language_model>> only;
    only.push_back(std::move(owned));
    model_catalog const traced{std::move(only), "scripted"};
    turn_service service{
        turn_sources{held_, held_, held_, traced, transforms_}, feed_, news_, time_, seen_, owner_};
    held_.after_queueing = [this] { return held_.taken > 0; };
    auto first = request(chat_, R"(script:{"tokens":["one"],"delay_ms":20})");
    first.trace = {.traceparent = "trace-1", .request_id = "request-1"};
    auto second = request(chat_, R"(script:{"tokens":["two"]})");
    second.trace = {.traceparent = "trace-2", .request_id = "request-2"};
    ASSERT_TRUE(finish(begin_two(service, std::move(first), std::move(second), executor())));
    EXPECT_EQ(model.traces, (std::vector<std::string>{"trace-1 request-1", "trace-2 request-2"}));
}

TEST(waiting_traces, are_forgotten_when_they_are_taken_or_too_many) {
    waiting_traces all{2};
    auto const a = message_id::make();
    auto const b = message_id::make();
    auto const c = message_id::make();
    for (auto const id : {a, b, c}) all.put(id, {.traceparent = id.text(), .request_id = {}});
    EXPECT_EQ(all.take(a).traceparent, "");
    EXPECT_EQ(all.take(b).traceparent, b.text());
    EXPECT_EQ(all.take(b).traceparent, "");
    EXPECT_EQ(all.take(c).traceparent, c.text());
}

TEST_F(waiting_in_an_interaction, what_an_earlier_run_has_left_waits_until_the_models_are_loaded) {
    model_config settings;
    settings.name = "scripted";
    settings.kind = "scripted";
    auto owned = std::make_unique<watched_model>(make_scripted_model(settings, seen_));
    auto& model = *owned;
    model.ready = false;
    std::vector<std::unique_ptr<language_model>> only;
    only.push_back(std::move(owned));
    model_catalog const loading{std::move(only), "scripted"};
    turn_draft draft{.user_id = user_,
                     .interaction_id = chat_.interaction_id,
                     .owner = process_id::make(),
                     .user_message_id = message_id::make(),
                     .user_message = message_draft{.content = "first"},
                     .reply_id = message_id::make(),
                     .model_name = "scripted",
                     .may_wait = true,
                     .now = time_.now()};
    auto const running = finish(held_.begin_turn(draft));
    draft.user_message_id = message_id::make();
    draft.user_message = message_draft{.content = R"(script:{"tokens":["late"]})"};
    draft.reply_id = message_id::make();
    auto const waiting = finish(held_.begin_turn(draft));
    ASSERT_TRUE(running && waiting);
    ASSERT_EQ(waiting->reply.status, message_status::queued);

    turn_service next_run{
        turn_sources{held_, held_, held_, loading, transforms_}, feed_, news_, time_, seen_, owner_};
    ASSERT_TRUE(finish(next_run.recover()));
    EXPECT_EQ(finish(next_run.go_on(executor())), 0U);
    EXPECT_EQ(stored(waiting->reply).status, message_status::queued);
    model.ready = true;
    EXPECT_EQ(finish(next_run.go_on(executor())), 1U);
    EXPECT_EQ(plain_text(stored(waiting->reply).content), "late");
}

}  // namespace
}  // namespace parley
