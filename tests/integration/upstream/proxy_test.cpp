// HTTP proxies: whole addresses for plain HTTP, tunnels for TLS.
#include "integration/upstream/upstream_fixture.hpp"
#include "support/redis/redis_server.hpp"
#include "support/temporary_folder.hpp"

namespace parley::test {
namespace {

class upstream_proxy : public upstream_test {};

/// Carries bytes both ways until one side closes.
void relay(peer& client, std::uint16_t port) {
    boost::asio::io_context io;
    peer::tcp::socket server{io};
    server.connect({boost::asio::ip::address_v4::loopback(), port});
    auto const copy = [](int from, int to) {
        std::array<char, 4096> bytes;
        for (;;) {
            auto const got = ::recv(from, bytes.data(), bytes.size(), 0);
            if (got <= 0 || ::send(to, bytes.data(), static_cast<std::size_t>(got), MSG_NOSIGNAL) != got)
                break;
        }
        ::shutdown(to, SHUT_WR);
    };
    std::thread back{[&] { copy(server.native_handle(), client.socket().native_handle()); }};
    copy(client.socket().native_handle(), server.native_handle());
    back.join();
}

TEST_F(upstream_proxy, of_plain_http_is_told_the_whole_address) {
    mock_upstream* playing = nullptr;
    mock_upstream proxy{[&](peer& client) {
        playing->note(client.read_request());
        client.send(hello);
        client.wait_for_close();
    }};
    playing = &proxy;
    auto const remote =
        model(config_for("http://models.test/v1"),
              {{"http_proxy", fmt::format("http://me:proxy-word@127.0.0.1:{}", proxy.port())}});
    EXPECT_EQ(ask(*remote).text, "Hello");
    auto const request = proxy.notes().at(0);
    EXPECT_TRUE(request.starts_with("POST http://models.test/v1/chat/completions HTTP/1.1\r\n")) << request;
    EXPECT_NE(request.find("\r\nHost: models.test\r\n"), std::string::npos);
    EXPECT_NE(request.find("\r\nProxy-Authorization: Basic bWU6cHJveHktd29yZA==\r\n"), std::string::npos);
}

TEST_F(upstream_proxy, tunnels_tls) {
    temporary_folder keys;
    make_certificates(keys.path());
    mock_upstream target{always(hello), keys.path()};
    mock_upstream* playing = nullptr;
    mock_upstream proxy{[&](peer& client) {
        playing->note(client.read_request());
        client.send("HTTP/1.1 200 Connection established\r\n\r\n");
        relay(client, target.port());
    }};
    playing = &proxy;
    auto how = config_for(target.url("https", "localhost"));
    how.ca_file = keys.path() / "ca.pem";
    how.proxy = fmt::format("http://127.0.0.1:{}", proxy.port());
    auto const remote = model(how);
    EXPECT_EQ(ask(*remote).text, "Hello");
    ASSERT_TRUE(wait_until([&] { return seen_.in_use() == 0; }));
    EXPECT_EQ(ask(*remote).text, "Hello");
    EXPECT_EQ(proxy.connections(), 1U) << "the tunnel is kept";
    auto const request = proxy.notes().at(0);
    EXPECT_TRUE(request.starts_with(fmt::format("CONNECT localhost:{} HTTP/1.1\r\n", target.port())))
        << request;
    EXPECT_EQ(request.find(key), std::string::npos) << "the proxy does not learn the key";
}

TEST_F(upstream_proxy, that_refuses) {
    mock_upstream proxy{[&](peer& client) {
        static_cast<void>(client.read_request());
        client.send(whole("407 Proxy Authentication Required", "no"));
        client.wait_for_close();
    }};
    auto how = config_for("https://models.test/v1");
    how.proxy = fmt::format("http://me:proxy-word@127.0.0.1:{}", proxy.port());
    auto const got = ask(*model(how));
    EXPECT_EQ(got.code(), "upstream_unreachable");
    EXPECT_NE(got.end.failure->message.find("407"), std::string::npos);
    EXPECT_EQ(got.end.failure->message.find("proxy-word"), std::string::npos);
}

TEST_F(upstream_proxy, is_not_asked_for_loopback) {
    mock_upstream mock{always(hello)};
    auto const remote =
        model(config_for(mock), {{"http_proxy", "http://127.0.0.1:1"}, {"all_proxy", "http://127.0.0.1:1"}});
    EXPECT_EQ(ask(*remote).text, "Hello");
}

}  // namespace
}  // namespace parley::test
