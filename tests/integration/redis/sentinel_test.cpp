// Sentinels that know the master, and a fail-over.
#include "integration/redis/redis_fixture.hpp"

#include <fstream>

namespace parley::test {
namespace {

class redis_sentinel : public redis_test {
protected:
    redis_sentinel() {
        server().start();
        replica_.emplace(std::vector<std::string>{"--replicaof",
                                                  "127.0.0.1 " + std::to_string(server().port()),
                                                  "--repl-diskless-sync-delay", "0"});
        replica_->start();
    }

    /// Watches the server as "main"; one vote is enough.
    void start_sentinel() {
        auto const file = folder_.path() / "sentinel.conf";
        std::ofstream{file}
            << "bind 127.0.0.1\nport " << port_ << "\ndir " << folder_.path().string()
            << "\nsentinel monitor main 127.0.0.1 " << server().port()
            << " 1\nsentinel down-after-milliseconds main 2000\nsentinel failover-timeout main "
               "2000\n";
        process_.emplace(std::vector<std::string>{"redis-server", file.string(), "--sentinel"},
                         folder_.path() / "sentinel.log");
    }

    redis_cache_options watched() {
        auto how = options();
        how.server.where.nodes = {{"127.0.0.1", free_port()},
                                  {"127.0.0.1", port_}};  // the first is not there
        how.server.where.master = "main";
        return how;
    }

    std::optional<redis_server> replica_;
    temporary_folder folder_;
    std::uint16_t const port_ = free_port();
    std::optional<child_process> process_;
};

TEST_F(redis_sentinel, the_master_is_found_and_followed_and_nothing_old_is_told) {
    start_sentinel();
    auto& kept = open(watched());
    ASSERT_TRUE(comes_up(kept)) << kept.problem();
    keep(kept, "old");
    ASSERT_TRUE(wait_until([&] { return replica_->ask({"DBSIZE"}) == server().ask({"DBSIZE"}); }));
    EXPECT_EQ(server().ask({"WAIT", "1", "10000"}), "1");
    // The sentinel must know the replica before it can choose it.
    ASSERT_TRUE(wait_until([&] {
        std::ifstream in{folder_.path() / "sentinel.log"};
        std::string const text{std::istreambuf_iterator<char>{in}, {}};
        return text.find("+slave slave") != std::string::npos;
    }));
    server().stop();
    ASSERT_TRUE(goes_down(kept));
    invalidate(kept);
    ASSERT_TRUE(wait_until([&] { return is_up(kept); }, 60s)) << kept.problem();
    EXPECT_EQ(replica_->ask({"ROLE"}).substr(0, 6), "master");
    EXPECT_NE(bytes(kept), "old");
    auto& other = open(watched());
    ASSERT_TRUE(comes_up(other));
    EXPECT_NE(bytes(other), "old") << "the entry was replicated, and belongs to another run";
    keep(kept, "new", "another");
    EXPECT_EQ(bytes(other, "another"), "new");
}

TEST_F(redis_sentinel, what_the_sentinel_does_not_know_is_told) {
    start_sentinel();
    auto how = watched();
    how.server.where.master = "other";
    auto& kept = open(how);
    auto const expected = "does not tell where \"other\" is: it watches no master of this name";
    EXPECT_TRUE(wait_until([&] { return kept.problem().find(expected) != std::string::npos; }))
        << kept.problem();
}

}  // namespace
}  // namespace parley::test
