// TLS: who signs, for which name, and what happens before it stands.
#include "integration/upstream/upstream_fixture.hpp"
#include "support/redis/redis_server.hpp"
#include "support/temporary_folder.hpp"

namespace parley::test {
namespace {

class upstream_tls : public upstream_test {
protected:
    // The certificate is good for localhost and 127.0.0.1.
    upstream_tls() { make_certificates(keys_.path()); }

    upstream_config tls_config(mock_upstream const& mock, std::string_view host) {
        auto how = config_for(mock.url("https", host));
        how.ca_file = keys_.path() / "ca.pem";
        return how;
    }

    temporary_folder keys_;
};

TEST_F(upstream_tls, with_the_right_authority) {
    mock_upstream mock{always(hello), keys_.path()};
    for (auto const* host : {"localhost", "127.0.0.1"}) {
        auto const before = mock.connections();
        auto const remote = model(tls_config(mock, host));
        EXPECT_EQ(ask(*remote).text, "Hello") << host;
        ASSERT_TRUE(wait_until([&] { return seen_.in_use() == 0; }));
        EXPECT_EQ(ask(*remote).text, "Hello") << host;
        EXPECT_EQ(mock.connections(), before + 1) << "it is kept";
    }
}

TEST_F(upstream_tls, with_another_authority) {
    mock_upstream mock{always(hello), keys_.path()};
    temporary_folder others;
    make_certificates(others.path());
    auto how = tls_config(mock, "localhost");
    how.ca_file = others.path() / "ca.pem";
    auto const got = ask(*model(how));
    EXPECT_EQ(got.code(), "upstream_unreachable");
    EXPECT_NE(got.end.failure->message.find("certificate verify failed"), std::string::npos);
    EXPECT_EQ(ask(*model(tls_config(mock, "localhost"))).text, "Hello");
}

TEST_F(upstream_tls, for_another_name) {
    mock_upstream mock{always(hello), keys_.path(), "127.0.0.2"};
    auto const got = ask(*model(tls_config(mock, "127.0.0.2")));
    EXPECT_EQ(got.code(), "upstream_unreachable");
    EXPECT_NE(got.end.failure->message.find("TLS"), std::string::npos) << got.end.failure->message;
}

TEST_F(upstream_tls, towards_a_server_without) {
    mock_upstream mock{[](peer& client) {
        std::array<char, 64> some;
        static_cast<void>(client.read(some.data(), some.size()));
        client.send(whole("400 Bad", ""));
    }};
    EXPECT_EQ(ask(*model(tls_config(mock, "localhost"))).code(), "upstream_unreachable");
}

TEST_F(upstream_tls, that_never_stands) {
    mock_upstream mock{[](peer& client) { client.wait_for_close(); }};
    auto how = tls_config(mock, "localhost");
    how.connect_timeout = 60ms;
    auto const got = ask(*model(how));
    EXPECT_EQ(got.code(), "upstream_timeout");
    EXPECT_EQ(got.end.failure->kind, error_kind::timed_out);
    EXPECT_TRUE(wait_until([&] { return mock.ended() == 1; }));
}

TEST_F(upstream_tls, cut_off_in_the_stream) {
    mock_upstream mock{[](peer& client) {
                           static_cast<void>(client.read_request());
                           client.send(stream_header + as_chunk(says("Hel")));
                       },
                       keys_.path()};
    auto const got = ask(*model(tls_config(mock, "localhost")));
    EXPECT_EQ(got.text, "Hel");
    EXPECT_EQ(got.code(), "upstream_failed");
}

TEST_F(upstream_tls, authorities_that_can_not_be_read) {
    auto how = config_for("https://localhost/v1");
    how.ca_file = keys_.path() / "absent.pem";
    auto const refused = upstream::make_upstream(how, {}, seen_);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "upstream_config_invalid");
    EXPECT_EQ(refused.error().param, "ca_file");
}

}  // namespace
}  // namespace parley::test
