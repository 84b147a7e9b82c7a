// The tests' own reading of an address: PARLEY_TEST_MONGODB_URI may be any that has a proxy put before it.
#include "support/mongo_address.hpp"

#include <gtest/gtest.h>

namespace parley::test {
namespace {

TEST(mongo_address, leads_through_a_proxy) {
    EXPECT_EQ(mongo_address{"mongodb://db"}.by_way_of(7), "mongodb://127.0.0.1:7/");
    EXPECT_EQ(mongo_address{"mongodb://127.0.0.1:27018/"}.port, 27018);
    mongo_address const set{"mongodb://ada:a%3Ab@[::1]:1,db-2:2/admin?replicaSet=rs0"};
    EXPECT_EQ(set.host, "::1");
    EXPECT_EQ(set.port, 1);
    EXPECT_EQ(set.by_way_of(7), "mongodb://ada:a%3Ab@127.0.0.1:7/?replicaSet=rs0&directConnection=true");
    EXPECT_TRUE(set.is_plain());
    EXPECT_FALSE(mongo_address{"mongodb://db/?tls=true"}.is_plain());
    EXPECT_THROW(mongo_address{"mongodb+srv://db"}, std::invalid_argument);
}

TEST(mongo_address, takes_another_option) {
    EXPECT_EQ(with_option("mongodb://db", "w=1"), "mongodb://db/?w=1");
    EXPECT_EQ(with_option("mongodb://db/", "w=1"), "mongodb://db/?w=1");
    EXPECT_EQ(with_option("mongodb://db/?a=b", "w=1"), "mongodb://db/?a=b&w=1");
}

}  // namespace
}  // namespace parley::test
