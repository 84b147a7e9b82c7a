// A turn service on the in-memory store with the scripted model, all on one event loop that a test runs dry.
#pragma once

#include "adapters/memory/memory_reply_feed.hpp"
#include "adapters/memory/memory_store.hpp"
#include "adapters/memory/memory_user_feed.hpp"
#include "adapters/scripted/scripted_model.hpp"
#include "modules/models/model_catalog.hpp"
#include "modules/turn/turn_service.hpp"
#include "services/clock.hpp"
#include "services/metrics.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace parley {

class turn_fixture : public ::testing::Test {
protected:
    turn_fixture() {
        models_.emplace(make_models(), "scripted");
        service_.emplace(turn_sources{store_, store_, store_, *models_, transforms_}, feed_, news_, time_,
                         seen_, owner_);
        auto const local = finish(store_.local_user(time_.now()));
        user_ = local->user_id;
    }

    /// Runs the coroutine, and all that it started, to the end.
    template <class T>
    T finish(task<T> work) {
        std::optional<T> outcome;
        boost::asio::co_spawn(loop_, std::move(work), [&](std::exception_ptr thrown, T value) {
            if (thrown) std::rethrow_exception(thrown);
            outcome.emplace(std::move(value));
        });
        loop_.restart();
        loop_.run();
        return std::move(*outcome);
    }

    interaction new_interaction(settings with = {}) {
        auto made = make_interaction(user_, {.settings = std::move(with)}, time_.now());
        EXPECT_TRUE(finish(store_.create_interaction(*made)));
        return *made;
    }

    result<turn_start> send(interaction const& to, std::string text) {
        return finish(service_->begin(request(to, std::move(text)), executor()));
    }

    turn_request request(interaction const& to, std::string text) {
        return {.user_id = user_,
                .interaction_id = to.interaction_id,
                .message = message_draft{.content = std::move(text)},
                .ids = turn_ids::at(time_.now())};
    }

    message_addition note(interaction const& to, std::string text) {
        return {.user_id = user_,
                .interaction_id = to.interaction_id,
                .message_id = message_id::make(),
                .message = {.content = std::move(text)},
                .now = time_.now()};
    }

    result<message> read(message const& which) {
        return finish(store_.get_message(user_, which.interaction_id, which.message_id));
    }

    /// What the scripted model echoed as the prompt of this turn.
    std::string echoed(interaction const& to, std::string text) {
        auto const begun = send(to, std::move(text));
        EXPECT_TRUE(begun) << (begun ? "" : begun.error().code);
        return plain_text(read(begun->reply)->content);
    }

    boost::asio::any_io_executor executor() { return loop_.get_executor(); }

    boost::asio::io_context loop_{1};
    user_id user_ = user_id::make();
    process_id owner_ = process_id::make();
    memory_store store_;
    memory_reply_feed feed_;
    memory_user_feed news_;
    transformer transforms_;
    system_clock time_;
    no_metrics seen_;
    std::optional<model_catalog> models_;
    std::optional<turn_service> service_;

private:
    std::vector<std::unique_ptr<language_model>> make_models() {
        std::vector<std::unique_ptr<language_model>> out;
        model_config settings;
        settings.name = "scripted";
        settings.kind = "scripted";
        settings.context_window = 256;
        out.push_back(make_scripted_model(settings, seen_));
        return out;
    }
};

}  // namespace parley
