// Users and keys for tests.
#pragma once

#include "entities/api_key.hpp"
#include "entities/limits.hpp"
#include "lost_answers.hpp"

namespace parley::test {

class identities : public lost_answers {
protected:
    static user a_user(std::string name = "Ada") {
        user out{user_id::make(), std::move(name), {{"team", "engines"}}, at(0)};
        out.limits.tokens_per_day = 1'000;
        return out;
    }
    user stored_user(std::string name = "Ada") {
        auto out = a_user(std::move(name));
        auto const done = await(straight_->create_user(out));
        EXPECT_TRUE(done.has_value()) << done.error().detail;
        return out;
    }
    static api_key a_key(user_id const& of, std::int64_t seconds = 0) {
        api_key out;
        out.key_id = key_id::make();
        out.user_id = of;
        out.name = "laptop";
        out.hint = "parley_abcd";
        out.scopes = {.read = true, .write = true, .admin = false};
        out.hash = sha256(out.key_id.text());
        out.created_at = at(seconds);
        return out;
    }
    api_key stored_key(user_id const& of, std::int64_t seconds = 0) {
        auto out = a_key(of, seconds);
        auto const done = await(straight_->create_key(out));
        EXPECT_TRUE(done.has_value()) << done.error().detail;
        return out;
    }
    /// With a message in it, and a reply that says what it has used.
    interaction conversation_of(user_id const& of) {
        auto const value = *make_interaction(of, {}, at(0));
        EXPECT_TRUE(await(straight_->create_interaction(value)));
        auto const turn = await(straight_->begin_turn(draft_in(value)));
        EXPECT_TRUE(turn.has_value());
        auto ended = complete("done");
        ended.usage = token_usage{10, 4, 3, true, 100};
        EXPECT_TRUE(turn && await(straight_->finish_turn(turn->lease, ended)));
        return value;
    }
    void remember(user_id const& of, std::string key) {
        remembered_request const asked{.user_id = of, .key = std::move(key), .at = at(1)};
        EXPECT_TRUE(await(straight_->remember(asked)));
    }
    /// How many documents of a collection match.
    std::int64_t count(char const* collection, mongo::document const& filter = {}) {
        auto raw = mongo::driver::open(settings(direct()), {}, {});
        auto db = (*raw)->borrow();
        auto const found = db.count(collection, filter);
        EXPECT_TRUE(found.has_value());
        return found.value_or(-1);
    }
    std::vector<usage_day> used(user_id const& of) {
        auto const day = std::chrono::floor<std::chrono::days>(at(1));
        return *await(straight_->usage_by_day(of, day, day));
    }
    /// Nobody comes in as this user, whose key and name these were.
    void expect_no_access(user const& gone, api_key const& key) {
        EXPECT_EQ(code_of(await(straight_->get_user(gone.user_id))), "user_not_found");
        EXPECT_EQ(code_of(await(straight_->update_user(gone.user_id, {.name = "x"}))), "user_not_found");
        EXPECT_EQ(code_of(await(straight_->list_keys(gone.user_id))), "user_not_found");
        EXPECT_EQ(code_of(await(straight_->create_key(a_key(gone.user_id)))), "user_not_found");
        EXPECT_EQ(*await(straight_->find_key(key.hash)), std::nullopt);
        page_query<user_id> all{.limit = 100};
        auto const listed = await(straight_->list_users(all));
        ASSERT_TRUE(listed.has_value());
        for (auto const& one : listed->data) EXPECT_NE(one.user_id, gone.user_id);
    }

    static inline external_identity const name_{"https://issuer.example", "ada"};
    static constexpr timestamp never = earliest_timestamp;  // no mark is as old
};

}  // namespace parley::test
