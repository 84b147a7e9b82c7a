// An upstream that is a mock, a model on it, and a way to ask it and to read what comes.
#pragma once

#include "adapters/upstream/upstream_client.hpp"
#include "adapters/upstream/upstream_model.hpp"
#include "integration/upstream/mock_upstream.hpp"
#include "support/event_loops.hpp"
#include "support/wait_until.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>

namespace parley::test {

using namespace std::chrono_literals;

/// What the adapter tells about itself. Thread safety: any thread.
class upstream_figures : public no_metrics {
public:
    struct request {
        std::string upstream;
        std::string model;
        std::string outcome;
        bool first_token = false;
        bool per_token = false;
    };
    void upstream_request(upstream_observation const& seen) override {
        std::lock_guard const lock(mutex_);
        requests_.push_back({std::string{seen.upstream}, std::string{seen.model}, std::string{seen.outcome},
                             seen.time_to_first_token.has_value(), seen.time_per_output_token.has_value()});
    }
    void upstream_pool(std::string_view, std::size_t in_use, std::size_t idle) override {
        std::lock_guard const lock(mutex_);
        in_use_ = in_use;
        idle_ = idle;
        most_ = std::max(most_, in_use + idle);
    }
    void upstream_streams(std::string_view, std::string_view, std::size_t open) override {
        std::lock_guard const lock(mutex_);
        streams_ = open;
    }
    [[nodiscard]] std::vector<request> requests() const { return locked(requests_); }
    [[nodiscard]] std::size_t in_use() const { return locked(in_use_); }
    [[nodiscard]] std::size_t idle() const { return locked(idle_); }
    [[nodiscard]] std::size_t most() const { return locked(most_); }
    [[nodiscard]] std::size_t streams() const { return locked(streams_); }

private:
    template <class T>
    [[nodiscard]] T locked(T const& value) const {
        std::lock_guard const lock(mutex_);
        return value;
    }
    mutable std::mutex mutex_;
    std::vector<request> requests_;
    std::size_t in_use_ = 0;
    std::size_t idle_ = 0;
    std::size_t most_ = 0;
    std::size_t streams_ = 0;
};

struct remote_reading {
    std::string text;
    std::string reasoning;
    std::size_t deltas = 0;
    generation_end end;
    [[nodiscard]] std::string code() const { return end.failure ? end.failure->code : std::string{}; }
};

inline task<remote_reading> read_remote(std::unique_ptr<generation> from) {
    remote_reading out;
    for (;;) {
        auto event = co_await from->next(30s);
        if (auto const* delta = std::get_if<generation_delta>(&event)) {
            out.text += delta->text;
            ++out.deltas;
        } else if (auto const* thought = std::get_if<generation_reasoning>(&event)) {
            out.reasoning += thought->text;
        } else if (auto* end = std::get_if<generation_end>(&event)) {
            out.end = std::move(*end);
            co_return out;
        } else {
            out.end.failure = error{error_kind::internal, "nothing_came", "for half a minute", {}, {}};
            co_return out;
        }
    }
}

inline task<remote_reading> ask_remote(language_model& model, generation_request asked,
                                       boost::asio::any_io_executor executor) {
    auto begun = model.start(std::move(asked), executor);
    remote_reading refused;
    if (!begun) {
        refused.end.failure = std::move(begun.error());
        co_return refused;
    }
    auto reading = read_remote(std::move(*begun));
    co_return co_await std::move(reading);
}

inline generation_request say_hi() {
    generation_request out;
    out.prompt = {{.role = "user", .content = "Hi"}};
    return out;
}

/// Parts of answers of the openai dialect.
inline std::string sse(std::string_view delta, std::string_view finish = "null") {
    return fmt::format("data: {{\"choices\":[{{\"index\":0,\"delta\":{},\"finish_reason\":{}}}]}}\n\n", delta,
                       finish);
}
inline std::string says(std::string_view text) { return sse(fmt::format(R"({{"content":"{}"}})", text)); }
inline std::string const stops = sse("{}", "\"stop\"");
inline std::string const done = "data: [DONE]\n\n";
inline std::string const usage_chunk =
    "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":2,"
    "\"prompt_tokens_details\":{\"cached_tokens\":4}}}\n\n";
inline std::string const stream_header =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
inline std::string as_chunk(std::string_view bytes) {
    return fmt::format("{:x}\r\n{}\r\n", bytes.size(), bytes);
}
inline std::string const last_chunk = "0\r\n\r\n";
inline std::string const hello =
    stream_header + as_chunk(says("Hel")) + as_chunk(says("lo") + stops + usage_chunk + done) + last_chunk;

inline std::string whole(std::string_view status, std::string_view body, std::string_view more = "") {
    return fmt::format("HTTP/1.1 {}\r\n{}Content-Length: {}\r\n\r\n{}", status, more, body.size(), body);
}

/// Answers every request with the same.
inline mock_upstream::script always(std::string answer) {
    return [answer = std::move(answer)](peer& client) {
        while (!client.read_request().empty() && client.send(answer)) {
        }
    };
}

class upstream_test : public testing::Test {
protected:
    static constexpr char key[] = "sk-canary-5f0c1d2e3b4a";

    static upstream_config config_for(std::string url) {
        upstream_config out;
        out.name = "acme";
        out.base_url = std::move(url);
        out.api_key_variable = "ACME_KEY";
        out.api_key = key;
        out.connect_timeout = 10s;
        out.first_token_timeout = 20s;
        out.token_timeout = 20s;
        return out;
    }
    static upstream_config config_for(mock_upstream const& mock) { return config_for(mock.url()); }

    static model_config remote_model() {
        model_config out;
        out.name = "big";
        out.kind = "upstream";
        out.remote_name = "gpt-big";
        out.abilities = {"tools", "structured_output", "images"};
        return out;
    }

    std::shared_ptr<upstream::upstream> server(upstream_config const& how,
                                               upstream::proxy_environment const& environment = {}) {
        auto made = upstream::make_upstream(how, environment, seen_);
        EXPECT_TRUE(made) << (made ? "" : made.error().message);
        return made ? *made : nullptr;
    }

    std::unique_ptr<language_model> model(upstream_config const& how,
                                          upstream::proxy_environment const& environment = {}) {
        return upstream::make_upstream_model(server(how, environment), remote_model());
    }

    [[nodiscard]] remote_reading ask(language_model& of, generation_request asked = say_hi(),
                                     std::size_t loop = 0) {
        return loops_.run(ask_remote(of, std::move(asked), loops_.executor(loop)), loop);
    }

    upstream_figures seen_;
    event_loops loops_{3};
};

}  // namespace parley::test
