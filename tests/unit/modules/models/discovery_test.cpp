#include "modules/models/discovery.hpp"

#include "support/fake_model.hpp"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <thread>

namespace parley::test {
namespace {

std::vector<std::unique_ptr<language_model>> one_model(std::string name) {
    std::vector<std::unique_ptr<language_model>> out;
    out.push_back(std::make_unique<fake_model>(std::move(name)));
    return out;
}

class discovered_models : public ::testing::Test {
protected:
    std::string names() const {
        std::string out;
        for (auto const* model : catalog_.all()) out += model->info().name + " ";
        return out;
    }

    using outcome = model_discovery::outcome;
    model_catalog catalog_{one_model("own"), ""};
    std::vector<std::string> made_;
    model_discovery found_{"lab", catalog_, [this](std::string const& name, std::string const& id) {
                               made_.push_back(id);
                               return std::make_unique<fake_model>(name);
                           }};
};

TEST_F(discovered_models, are_offered_under_the_name_of_their_upstream) {
    EXPECT_EQ(found_.update({"llama", "org/gemma:7b", "llama"}), outcome{.added = 2});
    EXPECT_EQ(names(), "own lab/llama lab/org/gemma:7b ");
    EXPECT_EQ(made_, (std::vector<std::string>{"llama", "org/gemma:7b"}));
    EXPECT_EQ(found_.update({"llama", "org/gemma:7b"}), outcome{});
    EXPECT_TRUE(catalog_.find("lab/llama"));
    EXPECT_TRUE(catalog_.is_default("own"));
}

TEST_F(discovered_models, fail_when_they_are_no_longer_listed_and_come_back_when_they_are) {
    found_.update({"a", "b"});
    auto* const model = *catalog_.find("lab/a");
    EXPECT_EQ(found_.update({"b"}), outcome{.vanished = 1});
    EXPECT_EQ(model->info().state, model_state::failed);
    EXPECT_EQ(model->info().problem, "no longer offered by lab");
    boost::asio::io_context loop;
    auto const refused = model->start({}, loop.get_executor());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "model_failed");
    EXPECT_EQ(refused.error().message, "The model \"lab/a\" is no longer offered by lab.");
    EXPECT_EQ((*catalog_.find("lab/b"))->info().state, model_state::ready);
    EXPECT_EQ(found_.update({"a", "b"}), outcome{.returned = 1});
    EXPECT_EQ(model->info().state, model_state::ready);
    EXPECT_TRUE(model->start({}, loop.get_executor()));
    EXPECT_EQ(made_.size(), 2U);
}

TEST_F(discovered_models, leave_what_is_configured_as_it_is) {
    EXPECT_TRUE(catalog_.add(std::make_unique<fake_model>("lab/a")));
    EXPECT_EQ(found_.update({"a"}), outcome{});
    EXPECT_EQ(found_.update({}), outcome{});
    EXPECT_EQ((*catalog_.find("lab/a"))->info().state, model_state::ready);
}

TEST_F(discovered_models, have_names_that_settings_can_say) {
    auto const longest = std::string(196, 'x');
    EXPECT_EQ(found_.update({"", "a\nb", "a\x7f", "a\xc2\x85", "a\xff", longest + "x", longest, "\xc3\xa4"}),
              (outcome{.added = 2, .left_out = 6}));
    EXPECT_EQ(made_, (std::vector<std::string>{longest, "\xc3\xa4"}));
}

TEST_F(discovered_models, are_a_thousand_at_most) {
    std::vector<std::string> many;
    for (int i = 0; i < 1'100; ++i) many.push_back(std::to_string(i));
    EXPECT_EQ(found_.update(many), (outcome{.added = 1'000, .left_out = 100}));
    EXPECT_EQ(catalog_.all().size(), 1'001U);
    many.erase(many.begin());
    EXPECT_EQ(found_.update(many), (outcome{.vanished = 1, .left_out = 100}));
}

TEST(a_catalog, has_each_name_once_and_a_first_model_as_its_default) {
    model_catalog catalog{{}, ""};
    EXPECT_EQ(catalog.find(std::nullopt).error().code, "unknown_model");
    EXPECT_TRUE(catalog.add(std::make_unique<fake_model>("a")));
    auto* const first = *catalog.find(std::nullopt);
    EXPECT_FALSE(catalog.add(std::make_unique<fake_model>("a")));
    EXPECT_EQ(*catalog.find("a"), first);
    EXPECT_EQ(catalog.all(), std::vector<language_model*>{first});
    EXPECT_FALSE(catalog.has("b"));
    catalog.close();
    EXPECT_TRUE(catalog.all().empty());
}

TEST(a_catalog, takes_models_while_others_look_for_them) {
    model_catalog catalog{one_model("own"), ""};
    std::atomic<bool> done = false;
    std::thread looking{[&] {
        while (!done) {
            EXPECT_TRUE(catalog.find("own"));
            for (auto const* model : catalog.all()) EXPECT_FALSE(model->info().name.empty());
        }
    }};
    for (int i = 0; i < 500; ++i) EXPECT_TRUE(catalog.add(std::make_unique<fake_model>(std::to_string(i))));
    done = true;
    looking.join();
    EXPECT_EQ(catalog.all().size(), 501U);
}

}  // namespace
}  // namespace parley::test
