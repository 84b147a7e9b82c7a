#include "common/config_print.hpp"
#include "common/config_secret.hpp"
#include "unit/config/config_fixture.hpp"

namespace parley::testing {
namespace {

using cache_keys = config_test;

TEST_F(cache_keys, a_password_belongs_into_the_environment) {
    for (auto const* const uri : {"redis://:secret@h", "redis://ada:secret@h:1/2",
                                  "redis+sentinel://h/main?sentinel_password=secret"}) {
        auto const outcome = refusal(fmt::format("cache: {{kind: redis, uri: \"{}\"}}\n", uri));
        EXPECT_EQ(outcome, std::vector<std::string>{
                               "test.yaml:1: cache.uri: has a password in it; secrets come from the "
                               "environment only: put the whole address into PARLEY_CACHE_URI"});
    }
    write_file("cache: {kind: redis}\n");
    request_.environment["PARLEY_CACHE_URI"] = "redis://ada:secret@h:1/2";
    auto const loaded = load();
    ASSERT_EQ(lines(loaded), std::vector<std::string>{});
    EXPECT_EQ(loaded->values.cache.uri, "redis://ada:secret@h:1/2");
    auto const shown = to_yaml(*loaded);
    EXPECT_EQ(shown.find("secret"), std::string::npos) << shown;
    EXPECT_NE(shown.find("redis://ada:***@h:1/2"), std::string::npos) << shown;
}

TEST_F(cache_keys, kind_redis_needs_a_uri) {
    EXPECT_EQ(refusal("cache: {kind: redis}\n"),
              std::vector<std::string>{
                  "test.yaml:1: cache.uri: is missing; kind redis needs one such as redis://localhost:6379"});
    EXPECT_EQ(refusal("cache: {kind: redis, uri: redis://localhost}\n"), std::vector<std::string>{});
}

TEST_F(cache_keys, nothing_is_kept_longer_than_the_promise) {
    EXPECT_EQ(
        refusal("cache: {ttl: 6s}\n"),
        std::vector<std::string>{"test.yaml:1: cache.ttl: 6s is out of range; it must be from 10ms to 5s"});
}

TEST(passwords, are_left_out_wherever_they_stand) {
    EXPECT_EQ(without_secret("redis://h/1"), "redis://h/1");
    EXPECT_EQ(without_secret("redis://ada@h"), "redis://ada@h");
    EXPECT_EQ(without_secret("redis://:pw@h"), "redis://:***@h");
    EXPECT_EQ(without_secret("redis://a:p/w@x@h"), "redis://a:***@h")
        << "written wrongly, hidden all the same";
    EXPECT_EQ(without_secret("x://u:p@h/?password=q&a_password=r&b=c"),
              "x://u:***@h/?password=***&a_password=***&b=c");
    EXPECT_FALSE(has_secret("redis://ada@h:6379/0"));
    EXPECT_TRUE(has_secret("redis://ada:x@h"));
}

}  // namespace
}  // namespace parley::testing
