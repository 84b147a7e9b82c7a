// A MongoDB store behind a proxy that breaks connections, and another one that goes straight to the server.
#pragma once

#include "adapters/mongo/mongo_store.hpp"
#include "support/event_loops.hpp"
#include "support/mongo_server.hpp"
#include "support/reply_of.hpp"
#include "support/wire_proxy.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace parley::test {

using namespace std::chrono_literals;

[[nodiscard]] inline timestamp at(std::int64_t seconds) {
    return from_unix_ms(1'790'000'000'000 + seconds * 1000);
}

class mongo_fixture : public testing::Test {
protected:
    [[nodiscard]] store_config settings(std::string uri) const {
        store_config out;
        out.kind = "mongodb";
        out.uri = std::move(uri);
        out.database = database_;
        out.pool_size = 4;
        return out;
    }
    /// Without the proxy.
    [[nodiscard]] static std::string direct() { return shared_mongo_uri(); }

    [[nodiscard]] std::unique_ptr<mongo_store> open(std::string const& uri,
                                                    mongo_options const& options = {}) {
        // On a busy machine a server may take longer to greet than some of these wait.
        auto opened = open_mongo_store(settings(uri), metrics_, options);
        for (int more = 100; !opened && opened.error().code == "store_unavailable" && more > 0; --more) {
            opened = open_mongo_store(settings(uri), metrics_, options);
        }
        if (!opened) throw std::runtime_error(opened.error().message + opened.error().detail);
        return std::move(*opened);
    }

    template <class T>
    T await(task<T> work) {
        return loops_.run(std::move(work));
    }

    interaction create(mongo_store& store) {
        auto const value = *make_interaction(user_id::make(), {}, at(0));
        auto const done = await(store.create_interaction(value));
        EXPECT_TRUE(done.has_value()) << done.error().detail;
        return value;
    }

    turn_draft draft_in(interaction const& in, std::string text = "Hello?") const {
        return {.user_id = in.user_id,
                .interaction_id = in.interaction_id,
                .owner = owner_,
                .user_message_id = message_id::make(),
                .user_message = message_draft{message_role::user, std::move(text), {}},
                .transformed_content = std::nullopt,
                .reply_id = message_id::make(),
                .model_name = "test-model",
                .now = at(1)};
    }

    /// The same that may wait.
    turn_draft patient_draft_in(interaction const& in, std::string text = "And?") const {
        auto out = draft_in(in, std::move(text));
        out.may_wait = true;
        return out;
    }
    /// For one more reply to a message.
    turn_draft another_reply(message const& asked) const {
        turn_draft out{.user_id = {},
                       .interaction_id = asked.interaction_id,
                       .owner = owner_,
                       .user_message_id = asked.message_id,
                       .reply_id = message_id::make(),
                       .model_name = "test-model",
                       .now = at(3)};
        return out;
    }

    static turn_outcome complete(std::string text) {
        turn_outcome out;
        out.content = std::move(text);
        out.now = at(2);
        return out;
    }

    std::vector<message> all_messages(mongo_store& store, interaction const& in) {
        std::vector<message> out;
        message_query query{{.limit = 100, .order = page_order::ascending}, std::nullopt};
        for (bool more = true; more;) {
            auto found = await(store.page_of_branch(in.user_id, in.interaction_id, query));
            EXPECT_TRUE(found.has_value());
            if (!found) break;
            for (auto& one : found->data) out.push_back(std::move(one));
            more = found->has_more;
            if (more) query.page.after = out.back().seq;
        }
        return out;
    }

    /// Numbers from 1 without gaps, each message behind the one before, and the interaction's figures agree.
    void expect_sound(mongo_store& store, interaction const& in) {
        auto const messages = all_messages(store, in);
        std::int64_t seq = 0;
        std::optional<message_id> previous;
        for (auto const& one : messages) {
            EXPECT_EQ(one.seq, ++seq);
            EXPECT_EQ(one.parent_id, previous);
            previous = one.message_id;
        }
        auto const now = await(store.get_interaction(in.user_id, in.interaction_id));
        ASSERT_TRUE(now.has_value());
        EXPECT_EQ(now->message_count, seq);
    }

    template <class T>
    static std::string code_of(result<T> const& outcome) {
        return outcome ? "ok" : outcome.error().code;
    }

    std::string const database_ = fresh_database();
    process_id const owner_ = process_id::make();
    no_metrics metrics_;
    wire_proxy proxy_{mongo_address{direct()}};
    event_loops loops_;
};

}  // namespace parley::test
