// Answers as upstreams write them, good and odd ones.
#include "integration/upstream/upstream_fixture.hpp"

namespace parley::test {
namespace {

class upstream_answers : public upstream_test {
protected:
    /// Of a mock that answers the first request so; demands that the next one is answered well.
    remote_reading answer_of(std::string const& bytes, bool closes = false) {
        std::atomic<int> asked = 0;
        mock_upstream mock{[&](peer& client) {
            while (!client.read_request().empty()) {
                auto const first = asked++ == 0;
                client.send(first ? bytes : hello);
                if (first && closes) return;
            }
        }};
        auto how = config_for(mock);
        how.max_connections = 1;  // the first one must have been let go
        auto const remote = model(how);
        auto got = ask(*remote);
        EXPECT_TRUE(wait_until([&] { return seen_.in_use() == 0; }));
        EXPECT_EQ(ask(*remote).text, "Hello");
        EXPECT_TRUE(wait_until([&] { return seen_.in_use() == 0; }));
        return got;
    }
};

TEST_F(upstream_answers, a_whole_one) {
    mock_upstream* playing = nullptr;
    mock_upstream mock{[&](peer& client) {
        playing->note(client.read_request());
        client.send(hello);
        client.wait_for_close();
    }};
    playing = &mock;
    auto how = config_for(mock);
    how.headers = {"X-Team: blue team"};
    auto const remote = model(how);
    auto asked = say_hi();
    asked.trace = {.traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                   .request_id = "req-7"};
    auto const got = ask(*remote, std::move(asked));
    EXPECT_EQ(got.code(), "");
    EXPECT_EQ(got.text, "Hello");
    EXPECT_EQ(got.end.finish_reason, finish_reason::stop);
    EXPECT_EQ(got.end.usage, (token_usage{9, 4, 2, false, std::nullopt}));
    EXPECT_TRUE(got.end.time_to_first_token);
    EXPECT_FALSE(got.end.stopped);

    auto const request = mock.notes().at(0);
    EXPECT_TRUE(request.starts_with("POST /v1/chat/completions HTTP/1.1\r\n")) << request;
    for (std::string const& line :
         {fmt::format("Host: 127.0.0.1:{}", mock.port()), std::string{"Authorization: Bearer "} + key,
          std::string{"Accept-Encoding: identity"}, std::string{"X-Team: blue team"},
          std::string{"Content-Type: application/json"},
          std::string{"traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"},
          std::string{"x-request-id: req-7"}}) {
        EXPECT_NE(request.find("\r\n" + line + "\r\n"), std::string::npos) << line << " in\n" << request;
    }
    EXPECT_NE(request.find("\r\nUser-Agent: Parley/"), std::string::npos);
    EXPECT_NE(request.find("\"model\":\"gpt-big\""), std::string::npos);

    ASSERT_TRUE(wait_until([&] { return seen_.idle() == 1 && seen_.in_use() == 0; }));
    ASSERT_EQ(seen_.requests().size(), 1U);
    auto const told = seen_.requests()[0];
    EXPECT_EQ(told.upstream + "/" + told.model + "/" + told.outcome, "acme/big/ok");
    EXPECT_TRUE(told.first_token);
    EXPECT_TRUE(told.per_token);
    EXPECT_EQ(seen_.streams(), 0U);
}

TEST_F(upstream_answers, the_other_dialect) {
    mock_upstream* playing = nullptr;
    mock_upstream mock{[&](peer& client) {
        playing->note(client.read_request());
        client.send(stream_header +
                    as_chunk("event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"usage\":"
                             "{\"input_tokens\":3,\"output_tokens\":1}}}\n\n"
                             "data: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":"
                             "{\"type\":\"text_delta\",\"text\":\"Hello\"}}\n\n"
                             "data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"max_tokens\"},"
                             "\"usage\":{\"output_tokens\":5}}\n\ndata: {\"type\":\"message_stop\"}\n\n") +
                    last_chunk);
        client.wait_for_close();
    }};
    playing = &mock;
    auto how = config_for(mock);
    how.dialect = "anthropic";
    auto const remote = model(how);
    auto const got = ask(*remote);
    EXPECT_EQ(got.text, "Hello");
    EXPECT_EQ(got.end.finish_reason, finish_reason::length);
    EXPECT_EQ(got.end.usage, (token_usage{3, 0, 5, false, std::nullopt}));
    auto const request = mock.notes().at(0);
    EXPECT_TRUE(request.starts_with("POST /v1/messages HTTP/1.1\r\n")) << request;
    EXPECT_NE(request.find(fmt::format("\r\nx-api-key: {}\r\n", key)), std::string::npos);
    EXPECT_NE(request.find("\r\nanthropic-version: 2023-06-01\r\n"), std::string::npos);
    EXPECT_EQ(request.find("Authorization"), std::string::npos);
    auto asked = say_hi();
    asked.response_format = response_format{};
    EXPECT_EQ(ask(*remote, std::move(asked)).code(), "structured_output_not_supported");
}

TEST_F(upstream_answers, without_usage_it_is_estimated) {
    auto const got = answer_of(stream_header + as_chunk(says("12345678") + stops + done) + last_chunk);
    EXPECT_EQ(got.text, "12345678");
    EXPECT_EQ(got.end.usage, (token_usage{5, 0, 2, true, std::nullopt}));
}

TEST_F(upstream_answers, usage_carries_its_cost) {
    mock_upstream mock{always(hello)};
    token_price const price{150'000, 50'000, 600'000};
    auto const remote = upstream::make_upstream_model(server(config_for(mock)), remote_model(), price);
    EXPECT_EQ(remote->info().price, price);
    EXPECT_EQ(ask(*remote).end.usage.cost, 5 * 150'000 + 4 * 50'000 + 2 * 600'000);
}

TEST_F(upstream_answers, byte_by_byte) {
    mock_upstream mock{[](peer& client) {
        if (client.read_request().empty()) return;
        for (char const c : hello) client.send({&c, 1});
        client.wait_for_close();
    }};
    auto const remote = model(config_for(mock));
    auto const got = ask(*remote);
    EXPECT_EQ(got.text, "Hello");
    EXPECT_EQ(got.end.usage.output_tokens, 2);
}

TEST_F(upstream_answers, to_the_end_of_the_connection) {
    auto const got = answer_of("HTTP/1.0 200 OK\r\n\r\n" + says("Hi") + stops, true);
    EXPECT_EQ(got.text, "Hi");
    EXPECT_EQ(got.code(), "");
}

TEST_F(upstream_answers, reasoning_and_tool_calls) {
    auto const got = answer_of(
        stream_header +
        as_chunk(sse(R"({"reasoning_content":"Hm"})") +
                 sse(R"({"tool_calls":[{"index":0,"id":"a","function":{"name":"now","arguments":"{"}}]})") +
                 sse(R"({"tool_calls":[{"index":0,"function":{"arguments":"}"}}]})", "\"stop\"") + done) +
        last_chunk);
    EXPECT_EQ(got.reasoning, "Hm");
    EXPECT_EQ(got.text, "");
    EXPECT_EQ(got.end.tool_calls, (std::vector<tool_call>{{"a", "now", "{}"}}));
    EXPECT_EQ(got.end.finish_reason, finish_reason::tool_calls) << "although the server says stop";
    EXPECT_TRUE(got.end.time_to_first_token);
}

TEST_F(upstream_answers, one_json_object) {
    auto const got =
        answer_of(whole("200 OK", R"({"choices":[{"message":{"content":"Hi"},"finish_reason":"stop"}]})",
                        "Content-Type: application/json\r\n"));
    EXPECT_EQ(got.text, "Hi");
    EXPECT_EQ(got.code(), "");
}

TEST_F(upstream_answers, errors_by_class) {
    struct {
        std::string answer;
        error_kind kind;
        std::string code;
    } const cases[] = {
        {whole("200 OK", R"({"error":{"message":"no"}})"), error_kind::unavailable, "upstream_failed"},
        {whole("200 OK", "<html>Welcome</html>"), error_kind::unavailable, "upstream_invalid_answer"},
        {whole("200 OK", ""), error_kind::unavailable, "upstream_invalid_answer"},
        {whole("200 OK", "\x1f\x8b\x08zzz"), error_kind::unavailable, "upstream_invalid_answer"},
        {whole("200 OK", "zzz", "Content-Encoding: gzip\r\n"), error_kind::unavailable,
         "upstream_invalid_answer"},
        {"SSH-2.0-OpenSSH_9.2\r\n\r\n", error_kind::unavailable, "upstream_invalid_answer"},
        {"HTTP/1.1 200 OK\r\nX: " + std::string(70'000, 'x') + "\r\n\r\n", error_kind::unavailable,
         "upstream_invalid_answer"},
        {stream_header + as_chunk("data: {\"x\":\"" + std::string(1'100'000, 'x') + "\"}\n\n"),
         error_kind::unavailable, "upstream_invalid_answer"},
        {whole("502 Bad Gateway", "<html>nginx</html>"), error_kind::unavailable, "upstream_failed"},
        {whole("302 Found", "", "Location: http://127.0.0.1:1/\r\n"), error_kind::invalid,
         "upstream_refused"},
        {whole("401 No", R"({"error":{"message":"bad key"}})"), error_kind::invalid, "upstream_refused"},
        {whole("408 Slow", ""), error_kind::timed_out, "upstream_timeout"},
        {whole("429 Many", "", "Retry-After: 7\r\n"), error_kind::rate_limited, "upstream_rate_limited"},
        {whole("400 Bad", R"({"error":{"code":"context_length_exceeded","message":"long"}})"),
         error_kind::invalid, "context_length_exceeded"},
    };
    for (auto const& one : cases) {
        auto const got = answer_of(one.answer);
        ASSERT_TRUE(got.end.failure) << one.answer.substr(0, 200);
        EXPECT_EQ(got.code(), one.code) << one.answer.substr(0, 200);
        EXPECT_EQ(got.end.failure->kind, one.kind) << one.answer.substr(0, 200);
        EXPECT_EQ(got.end.usage, token_usage{});
        auto const wait = one.code == "upstream_rate_limited" ? 7s : 0s;
        EXPECT_EQ(got.end.retry_after.value_or(0s), wait);
    }
}

TEST_F(upstream_answers, an_error_in_mid_stream_leaves_the_text) {
    auto const got = answer_of(stream_header +
                               as_chunk(says("Hel") + "data: {\"error\":{\"message\":\"GPU on fire\"}}\n\n"));
    EXPECT_EQ(got.text, "Hel");
    EXPECT_EQ(got.code(), "upstream_failed");
    EXPECT_NE(got.end.failure->message.find("GPU on fire"), std::string::npos);
    EXPECT_TRUE(got.end.usage.estimated);
    EXPECT_EQ(got.end.usage.output_tokens, 1);
}

TEST_F(upstream_answers, what_a_model_does_not_take_is_refused_before_anything_is_sent) {
    mock_upstream mock{always(hello)};
    auto plain = remote_model();
    plain.abilities.clear();
    auto const remote = upstream::make_upstream_model(server(config_for(mock)), plain);
    auto image = say_hi();
    image.prompt[0].parts = {image_part{"data:image/png;base64,AA"}};
    auto const refused = ask(*remote, std::move(image));
    EXPECT_EQ(refused.code(), "images_not_supported");
    EXPECT_EQ(refused.end.failure->kind, error_kind::conflict);
    auto tool = say_hi();
    tool.tools = {{"now", "", ""}};
    EXPECT_EQ(ask(*remote, std::move(tool)).code(), "tools_not_supported");
    EXPECT_EQ(mock.connections(), 0U);
    EXPECT_EQ(ask(*remote).text, "Hello");
}

TEST_F(upstream_answers, models_of_the_server) {
    mock_upstream mock{[](peer& client) {
        auto const request = client.read_request();
        client.send(request.starts_with("GET /v1/models HTTP/1.1\r\n") &&
                            request.find(key) != std::string::npos
                        ? whole("200 OK", R"({"object":"list","data":[{"id":"b"},{"id":"a"},{"x":1}]})")
                        : whole("404 No", ""));
        client.send(client.read_request().empty() ? "" : whole("503 No", ""));
        client.wait_for_close();
    }};
    auto const acme = server(config_for(mock));
    auto const listed = loops_.run(acme->list_models(loops_.executor(0)));
    ASSERT_TRUE(listed) << listed.error().message;
    EXPECT_EQ(*listed, (std::vector<std::string>{"b", "a"}));
    auto const again = loops_.run(acme->list_models(loops_.executor(0)));
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, "upstream_failed");
    EXPECT_EQ(mock.connections(), 1U) << "the connection is used again";
}

}  // namespace
}  // namespace parley::test
