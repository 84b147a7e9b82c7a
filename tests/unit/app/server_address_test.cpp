#include "app/server_address.hpp"

#include "adapters/sqlite/folder_lock.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <fstream>

namespace parley {
namespace {

server_config at_host(std::string host) {
    server_config out;
    out.host = std::move(host);
    return out;
}

TEST(server_address, is_one_that_works_on_this_machine) {
    EXPECT_EQ(local_url(at_host("127.0.0.1"), 8080), "http://127.0.0.1:8080");
    EXPECT_EQ(local_url(at_host("0.0.0.0"), 9000), "http://127.0.0.1:9000");
    EXPECT_EQ(local_url(at_host("::"), 9000), "http://[::1]:9000");
    EXPECT_EQ(local_url(at_host("192.0.2.7"), 80), "http://192.0.2.7:80");
    EXPECT_EQ(local_url(at_host("localhost"), 8080), "http://localhost:8080");
}

class server_address_file : public testing::Test {
protected:
    [[nodiscard]] std::filesystem::path const& folder() const { return folder_.path(); }
    [[nodiscard]] std::filesystem::path file() const { return folder() / "server.url"; }
    [[nodiscard]] std::optional<std::string> told() const { return address_told_in(folder()); }

private:
    test::temporary_folder folder_;
};

TEST_F(server_address_file, is_told_as_long_as_the_object_lives) {
    EXPECT_EQ(told(), std::nullopt);
    auto const lock = sqlite::folder_lock::take(folder());
    ASSERT_TRUE(lock.has_value());
    EXPECT_EQ(told(), std::nullopt);
    {
        auto const address = told_address::write(folder(), "http://127.0.0.1:8080");
        ASSERT_TRUE(address.has_value()) << address.error().detail;
        EXPECT_EQ(told(), "http://127.0.0.1:8080");
        using std::filesystem::perms;
        EXPECT_EQ(std::filesystem::status(file()).permissions(), perms::owner_read | perms::owner_write);
    }
    EXPECT_EQ(told(), std::nullopt);
    EXPECT_FALSE(std::filesystem::exists(file()));
}

TEST_F(server_address_file, of_an_earlier_holder_does_not_count) {
    auto lock = sqlite::folder_lock::take(folder());
    ASSERT_TRUE(lock.has_value());
    auto const address = told_address::write(folder(), "http://127.0.0.1:8080");
    ASSERT_TRUE(address.has_value());
    // Written a minute before the lock was taken: as a killed server's would be.
    auto const taken = sqlite::locked_at(folder());
    ASSERT_TRUE(taken.has_value());
    std::filesystem::last_write_time(file(), *taken - std::chrono::minutes{1});
    EXPECT_EQ(told(), std::nullopt);
    auto const fresh = told_address::write(folder(), "http://127.0.0.1:8081");
    ASSERT_TRUE(fresh.has_value());
    EXPECT_EQ(told(), "http://127.0.0.1:8081");
}

TEST_F(server_address_file, of_another_server_stays) {
    auto const lock = sqlite::folder_lock::take(folder());
    ASSERT_TRUE(lock.has_value());
    {
        auto const old = told_address::write(folder(), "http://127.0.0.1:8080");
        ASSERT_TRUE(old.has_value());
        std::ofstream{file()} << "http://127.0.0.1:8081\nelsewhere\n";
    }
    EXPECT_TRUE(std::filesystem::exists(file()));
    EXPECT_EQ(told(), std::nullopt) << "it has another network";
}

TEST_F(server_address_file, that_is_cut_off_is_none) {
    auto const lock = sqlite::folder_lock::take(folder());
    ASSERT_TRUE(lock.has_value());
    std::ofstream{file()} << "http://127.0.0.1:80";
    EXPECT_EQ(told(), std::nullopt);
}

TEST_F(server_address_file, that_can_not_be_written_is_an_error) {
    std::filesystem::create_directory(file());
    auto const address = told_address::write(folder(), "http://127.0.0.1:8080");
    ASSERT_FALSE(address.has_value());
    EXPECT_EQ(address.error().code, "address_not_written");
    EXPECT_FALSE(std::filesystem::exists(folder() / "server.url.part"));
}

}  // namespace
}  // namespace parley
