// Decode tokens/s of N chats at once through the language_model port, in the shape that llama-bench (-p 0 -n
// N) and llama-batched-bench measure: from each reply's first text to its end, as the reader on an event loop
// sees it.
//
// usage: engine_decode MODEL CHATS TOKENS THREADS [TEMPERATURE]
// prints one number.
#include "adapters/llama/llama_model.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace {

using namespace parley;
using steady = std::chrono::steady_clock;

struct seen {
    steady::time_point first_text;
    steady::time_point end;
    std::int64_t tokens = 0;
};

task<seen> read(generation& reply) {
    seen result;
    for (bool first = true;; first = false) {
        auto const event = co_await reply.next(std::chrono::minutes{1});
        if (first) result.first_text = steady::now();
        if (auto const* end = std::get_if<generation_end>(&event)) {
            if (end->failure) throw std::runtime_error(end->failure->message);
            result.end = steady::now();
            result.tokens = end->usage.output_tokens;
            co_return result;
        }
        if (std::holds_alternative<generation_idle>(event))
            throw std::runtime_error("nothing came for a minute");
    }
}

generation_request a_chat(std::int64_t tokens, double temperature) {
    generation_request request;
    request.user_id = user_id::make();
    request.interaction_id = interaction_id::make();
    request.prompt = {{"user", "Count."}};
    request.temperature = temperature;
    request.max_output_tokens = tokens;
    request.seed = 1;
    return request;
}

/// All chats begin together, so that all but a few batches hold one token of each.
double tokens_per_second(language_model& model, std::size_t chats, std::int64_t tokens, double temperature) {
    boost::asio::io_context loop(1);
    std::vector<std::unique_ptr<generation>> replies;
    std::vector<seen> all(chats);
    for (std::size_t i = 0; i < chats; ++i) {
        auto started = model.start(a_chat(tokens, temperature), loop.get_executor());
        if (!started) throw std::runtime_error(started.error().message);
        replies.push_back(std::move(*started));
        boost::asio::co_spawn(loop, read(*replies.back()), [&all, i](std::exception_ptr failed, seen result) {
            if (failed) std::rethrow_exception(failed);
            all[i] = result;
        });
    }
    loop.run();
    double rate = 0;
    for (auto const& one : all) {
        rate += static_cast<double>(one.tokens - 1) /
                std::chrono::duration<double>(one.end - one.first_text).count();
    }
    return rate;
}

template <class Number>
Number number(char const* text) {
    std::string_view const all(text);
    Number value{};
    auto const [rest, failed] = std::from_chars(all.data(), all.data() + all.size(), value);
    if (failed != std::errc{} || rest != all.data() + all.size())
        throw std::runtime_error("not a number: " + std::string(all));
    return value;
}

int run(std::vector<char*> const& arguments) {
    if (arguments.size() < 5)
        throw std::runtime_error("usage: engine_decode MODEL CHATS TOKENS THREADS [TEMPERATURE]");
    auto const chats = number<unsigned>(arguments[2]);
    auto const tokens = number<std::int64_t>(arguments[3]);
    auto const temperature = arguments.size() > 5 ? number<double>(arguments[5]) : 0.0;
    model_config settings;
    settings.name = "bench";
    settings.path = arguments[1];
    settings.parallel = chats;
    settings.threads = number<unsigned>(arguments[4]);
    settings.context_window = 1024;
    settings.chat_template = "{{ bos_token }}";  // one token of prompt, as with llama-bench -p 0

    std::promise<model_state> loaded;
    llama_options options;
    options.ignore_end_of_text = true;
    options.on_loaded = [&loaded](model_state state) { loaded.set_value(state); };
    no_metrics statistics;
    auto const model = make_llama_model(settings, statistics, options);
    if (loaded.get_future().get() != model_state::ready) throw std::runtime_error(model->info().problem);
    tokens_per_second(*model, chats, 8, temperature);  // llama-bench warms up, too
    std::printf("%.2f\n", tokens_per_second(*model, chats, tokens, temperature));
    return EXIT_SUCCESS;
}

}  // namespace

int main(int count, char** values) {
    try {
        return run({values, values + count});
    } catch (std::exception const& why) {
        std::fprintf(stderr, "engine_decode: %s\n", why.what());
        return EXIT_FAILURE;
    }
}
