// libFuzzer: bytes of a client through the real session, the real route table and the real handlers, on the
// in-memory store with the scripted model. "{I}" and "{M}" in the input stand for an interaction and a reply
// that exist. Fails on a crash, on a 5xx that nothing here can cause, and on an answer that does not begin
// like one.
#include "adapters/http/docs/docs_pages.hpp"
#include "adapters/http/native/native_api.hpp"
#include "adapters/http/web/web_pages.hpp"
#include "adapters/memory/memory_limiter.hpp"
#include "adapters/memory/memory_reply_feed.hpp"
#include "adapters/memory/memory_store.hpp"
#include "adapters/memory/memory_user_feed.hpp"
#include "adapters/memory/no_cache.hpp"
#include "adapters/scripted/scripted_model.hpp"
#include "app/run_task.hpp"
#include "modules/limits/usage_guard.hpp"
#include "modules/models/model_catalog.hpp"
#include "modules/requests/request_keys.hpp"
#include "modules/turn/turn_service.hpp"
#include "services/clock.hpp"
#include "support/http/memory_stream.hpp"

#include <cstdio>
#include <cstdlib>

namespace parley {
namespace {

std::vector<std::unique_ptr<language_model>> one_model(metrics& seen) {
    model_config settings;
    settings.name = "scripted";
    settings.kind = "scripted";
    std::vector<std::unique_ptr<language_model>> out;
    out.push_back(make_scripted_model(settings, seen));
    return out;
}

std::vector<http::endpoint> all_endpoints(http::native_api const& api, http::docs_pages const& docs,
                                          http::web_pages const& page) {
    auto endpoints = api.endpoints();
    endpoints.insert(endpoints.end(), docs.endpoints().begin(), docs.endpoints().end());
    endpoints.insert(endpoints.end(), page.endpoints().begin(), page.endpoints().end());
    return endpoints;
}

void replace_all(std::string& text, std::string_view what, std::string const& by) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
        text.replace(at, what.size(), by);
    }
}

/// A fresh server for each input: what one input stored must not change what the next one finds.
class whole_server {
public:
    whole_server() {
        auto made = make_interaction(user_, {}, time_.now());
        interaction_ = made->interaction_id;
        static_cast<void>(run_task(store_.create_interaction(*made)));
        boost::asio::io_context loop{1};
        std::optional<result<turn_start>> begun;
        boost::asio::co_spawn(
            loop, turns_.begin(first_request(), loop.get_executor()),
            [&](std::exception_ptr, result<turn_start> started) { begun = std::move(started); });
        loop.run();
        reply_ = (*begun)->reply.message_id;
    }

    std::string answer(std::string text, std::size_t piece) {
        replace_all(text, "{I}", interaction_.text());
        replace_all(text, "{M}", reply_.text());
        std::vector<std::string> pieces;
        for (std::size_t at = 0; at < text.size(); at += piece) pieces.push_back(text.substr(at, piece));
        return http::serve_in_memory(context_, std::move(pieces));
    }

private:
    turn_request first_request() const {
        return {.user_id = user_,
                .interaction_id = interaction_,
                .message = message_draft{.content = "Hi"},
                .ids = turn_ids::at(time_.now())};
    }

    no_metrics seen_;
    memory_store store_;
    memory_reply_feed feed_;
    memory_user_feed news_;
    system_clock time_;
    user_id user_ = run_task(store_.local_user(time_.now()))->user_id;
    model_catalog models_{one_model(seen_), "scripted"};
    transformer transforms_;
    turn_service turns_{turn_sources{store_, store_, store_, models_, transforms_},
                        feed_,
                        news_,
                        time_,
                        seen_,
                        process_id::make()};
    request_keys requests_{store_, time_};
    std::atomic<bool> draining_ = false;
    authenticator identity_{user_};
    memory_limiter counts_;
    usage_guard limits_{counts_, store_, time_, usage_limits{}, std::chrono::milliseconds{20}};
    no_cache kept_;
    // The client goes at the first keep-alive.
    http::api_context api_{store_,
                           store_,
                           store_,
                           turns_,
                           requests_,
                           models_,
                           feed_,
                           news_,
                           time_,
                           identity_,
                           limits_,
                           user_,
                           std::chrono::milliseconds{20},
                           kept_,
                           "USD"};
    http::native_api native_{api_, seen_, draining_, 65'536};
    // The same for every input, and hashed whole when they are made.
    static inline http::docs_pages const docs_{};
    static inline http::web_pages const page_{};
    http::route_table routes_{all_endpoints(native_, docs_, page_)};
    http::session_context context_{server_config{}, routes_, seen_, std::nullopt,
                                   http::request_logging::none};
    interaction_id interaction_;
    message_id reply_;
};

[[noreturn]] void report(std::string const& answer) {
    std::fprintf(stderr, "unexpected answer:\n%.2000s\n", answer.c_str());
    std::abort();
}

}  // namespace
}  // namespace parley

extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size) {
    if (size < 1) return 0;
    std::size_t const piece = 1 + data[0];
    parley::whole_server server;
    auto const answer = server.answer({reinterpret_cast<char const*>(data) + 1, size - 1}, piece);
    if (!answer.empty() && !answer.starts_with("HTTP/1.")) parley::report(answer);
    if (answer.starts_with("HTTP/1.1 500") || answer.starts_with("HTTP/1.1 504")) parley::report(answer);
    return 0;
}
