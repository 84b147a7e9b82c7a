// Who may enter: passwords, rights, databases, TLS; and servers that are not what is needed.
#include "integration/redis/redis_fixture.hpp"

namespace parley::test {
namespace {

class redis_access : public redis_test {
protected:
    /// Why the cache stays down.
    std::string refusal(redis_cache_options const& how) {
        auto& kept = open(how);
        EXPECT_FALSE(is_up(kept));
        EXPECT_TRUE(is_bypassed(kept));
        return kept.problem();
    }
    static bool says(std::string const& text, std::string_view what) {
        return text.find(what) != std::string::npos;
    }
};

TEST_F(redis_access, a_password) {
    redis_server guarded{{"--requirepass", "secret"}};
    guarded.credentials = {"AUTH", "secret"};
    guarded.start();
    auto how = options_for(guarded.port());
    auto told = refusal(how);
    EXPECT_TRUE(says(told, "PARLEY_CACHE_URI")) << told;
    how.server.where.password = "wrong";
    told = refusal(how);
    EXPECT_TRUE(says(told, "PARLEY_CACHE_URI") && says(told, "WRONGPASS")) << told;
    how.server.where.password = "secret";
    keep(open(how), "one");
}

TEST_F(redis_access, a_user_with_the_rights_that_are_needed_and_no_more) {
    server().start();
    EXPECT_EQ(server().ask({"ACL", "SETUSER", "parley", "on", ">pw", "~parley:*"}), "OK");
    auto how = options();
    how.server.where.user = "parley";
    how.server.where.password = "pw";
    auto& kept = open(how);
    EXPECT_FALSE(is_up(kept));
    EXPECT_TRUE(says(kept.problem(), "docs/redis.md")) << kept.problem();
    for (auto const* const right : {"+info", "+ping", "+get", "+set", "+del", "+pttl"})
        EXPECT_EQ(server().ask({"ACL", "SETUSER", "parley", right}), "OK");
    ASSERT_TRUE(wait_until([&] { return says(kept.problem(), "eval"); })) << kept.problem();
    EXPECT_EQ(server().ask({"ACL", "SETUSER", "parley", "+eval"}), "OK");
    ASSERT_TRUE(comes_up(kept)) << kept.problem();
    keep(kept, "one");
    EXPECT_EQ(server().ask({"ACL", "SETUSER", "parley", "-get"}), "OK");
    EXPECT_TRUE(is_bypassed(kept));
    ASSERT_TRUE(goes_down(kept));
    EXPECT_EQ(server().ask({"ACL", "SETUSER", "parley", "+get"}), "OK");
    ASSERT_TRUE(comes_up(kept));
}

TEST_F(redis_access, a_database_of_its_own) {
    server().start();
    auto how = options();
    how.server.where.database = 3;
    keep(open(how), "one");
    EXPECT_TRUE(says(server().ask({"INFO", "keyspace"}), "db3:keys=1"));
    how.server.where.database = 99;
    auto const told = refusal(how);
    EXPECT_TRUE(says(told, "no database of this number")) << told;
}

TEST_F(redis_access, a_cluster_is_told_to_be_unsupported) {
    // Nodes talk to each other on a second port: by itself 10,000 above the first, where the system may have
    // given it to a connection of another test.
    redis_server node{{"--cluster-enabled", "yes", "--cluster-port", std::to_string(free_port())}};
    node.start();
    auto const told = refusal(options_for(node.port()));
    EXPECT_TRUE(says(told, "Redis Cluster, which is not supported yet")) << told;
}

TEST_F(redis_access, a_replica_is_not_used_until_it_is_a_master) {
    server().start();
    redis_server replica{{"--replicaof", "127.0.0.1 " + std::to_string(server().port())}};
    replica.start();
    auto& kept = open(options_for(replica.port()));
    EXPECT_TRUE(says(kept.problem(), "is a replica")) << kept.problem();
    EXPECT_EQ(replica.ask({"REPLICAOF", "NO", "ONE"}), "OK");
    ASSERT_TRUE(comes_up(kept));
    keep(kept, "one");
}

TEST_F(redis_access, full_memory_is_told) {
    redis_server full{{"--maxmemory", "1", "--maxmemory-policy", "noeviction"}};
    full.start();
    auto const told = refusal(options_for(full.port()));
    EXPECT_TRUE(says(told, "OOM")) << told;
}

TEST_F(redis_access, tls_with_a_certificate_that_is_checked) {
    temporary_folder keys;
    make_certificates(keys.path());
    auto const at = [&](char const* name) { return (keys.path() / name).string(); };
    auto const port = free_port();
    redis_server tls{{"--port", "0", "--tls-port", std::to_string(port), "--tls-cert-file", at("server.pem"),
                      "--tls-key-file", at("server.key"), "--tls-ca-cert-file", at("ca.pem"),
                      "--tls-auth-clients", "no"}};
    tls.plain = false;
    tls.start();
    auto how = options_for(port);
    how.server.where.tls = true;
    auto told = refusal(how);
    EXPECT_TRUE(says(told, "TLS") && says(told, "certificate verify failed")) << told;
    how.server.ca_file = at("ca.pem");
    keep(open(how), "one");
    how.server.where.nodes = {{"localhost", port}};
    EXPECT_EQ(bytes(open(how)), "one");
    how.server.where.nodes = {{"127.0.0.2", port}};
    told = refusal(how);
    EXPECT_TRUE(says(told, "TLS") || says(told, "connecting")) << told;
    how.server.ca_file = at("absent.pem");
    auto const made = open_redis_cache(how, seen_);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, "cache_tls_invalid");
}

TEST_F(redis_access, plain_text_towards_tls_and_the_other_way_round) {
    server().start();
    auto how = options();
    how.server.where.tls = true;
    auto const told = refusal(how);
    EXPECT_TRUE(says(told, "TLS")) << told;
}

}  // namespace
}  // namespace parley::test
