#include "adapters/llama/llama_model.hpp"

#include "adapters/llama/admission.hpp"
#include "adapters/llama/engine.hpp"
#include "adapters/llama/generation_job.hpp"
#include "adapters/llama/llama_generation.hpp"
#include "common/log.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <fmt/format.h>

#include <exception>
#include <string_view>
#include <utility>

namespace parley {

namespace {

result<void> check_ready(engine::status const& status, std::string const& name) {
    if (status.state == model_state::loading) {
        return fail(error_kind::unavailable, "model_loading",
                    fmt::format("The model \"{}\" is still loading. Try again in a moment.", name));
    }
    if (status.state == model_state::failed) {
        return fail(error_kind::unavailable, "model_failed",
                    fmt::format("The model \"{}\" could not be loaded; the server's log says why.", name));
    }
    return {};
}

/// With more, a prompt is so much too long that nobody needs the exact number: estimating it keeps a text of
/// the largest size from holding up everybody else's prompts.
std::size_t enough_tokens(engine::status const& status) {
    constexpr std::int64_t still_counted = 4096;
    return static_cast<std::size_t>(status.context_window + still_counted);
}

/// Memory runs out, a library throws: one reply fails, its thread goes on.
error unexpected_failure(std::exception const& why) {
    log::error("a prompt could not be read", {{"what", std::string_view(why.what())}});
    return internal_error(why.what()).error();
}

task<result<std::int64_t>> count(engine::status status, generation_request request) {
    try {
        auto const wish = wish_of(request);
        if (!wish) co_return std::unexpected(wish.error());
        co_return status.reader->count(request.prompt, *wish, enough_tokens(status));
    } catch (std::exception const& why) {
        co_return std::unexpected(unexpected_failure(why));
    }
}

class llama_language_model final : public language_model {
public:
    llama_language_model(model_config const& settings, metrics& statistics, llama_options options)
        : settings_(settings),
          price_(options.price),
          on_prompt_(options.on_prompt),
          admission_(settings.parallel + settings.max_waiting,
                     [told = options.on_counts](admission::counts now) {
                         if (told) told(now.running, now.waiting);
                     }),
          engine_(settings, std::move(options)),
          prompts_(1) {
        statistics.generations(settings.name, 0, 0);
    }

    ~llama_language_model() override {
        prompts_.stop();
        prompts_.join();
    }

    [[nodiscard]] model_info info() const override;
    [[nodiscard]] task<result<std::int64_t>> count_tokens(generation_request request) override;
    [[nodiscard]] result<std::unique_ptr<generation>> start(generation_request request,
                                                            boost::asio::any_io_executor executor) override;

private:
    [[nodiscard]] std::unique_ptr<generation_job> make_job(generation_request& request,
                                                           admission::ticket ticket,
                                                           std::shared_ptr<mailbox> box) const;
    void read_prompt(std::unique_ptr<generation_job> job, generation_request const& request,
                     engine::status const& status);
    [[nodiscard]] result<void> fill(generation_job& job, generation_request const& request,
                                    engine::status const& status) const;

    model_config const settings_;
    std::optional<token_price> const price_;
    std::function<void(std::span<std::int32_t const>, std::string_view)> const on_prompt_;
    admission admission_;
    engine engine_;
    boost::asio::thread_pool
        prompts_;  // one thread: templates and tokens are made beside the decoding; goes first
};

model_info llama_language_model::info() const {
    auto status = engine_.now();
    auto const counts = admission_.now();
    return {.name = settings_.name,
            .kind = "llama",
            .state = status.state,
            .problem = std::move(status.problem),
            .context_window = status.context_window,
            .description = std::move(status.description),
            .running = counts.running,
            .waiting = counts.waiting,
            .parallel = settings_.parallel,
            .max_waiting = settings_.max_waiting,
            .abilities = {.tools = true, .structured_output = true, .images = false},
            .price = price_};
}

task<result<std::int64_t>> llama_language_model::count_tokens(generation_request request) {
    auto status = engine_.now();
    if (auto ready = check_ready(status, settings_.name); !ready) co_return std::unexpected(ready.error());
    auto counting = count(std::move(status), std::move(request));
    co_return co_await boost::asio::co_spawn(prompts_, std::move(counting), boost::asio::use_awaitable);
}

result<std::unique_ptr<generation>> llama_language_model::start(generation_request request,
                                                                boost::asio::any_io_executor executor) {
    auto status = engine_.now();
    if (auto ready = check_ready(status, settings_.name); !ready) return std::unexpected(ready.error());
    auto ticket = admission_.enter();
    if (!ticket) {
        return fail(error_kind::overloaded, "queue_full",
                    "Too many replies are waiting for this model. Try again in a moment.");
    }
    auto begun = std::make_unique<llama_generation>(std::move(executor), price_);
    auto job = make_job(request, std::move(*ticket), begun->box());
    boost::asio::post(
        prompts_, [this, job = std::move(job), request = std::move(request),
                   status = std::move(status)]() mutable { read_prompt(std::move(job), request, status); });
    return begun;
}

std::unique_ptr<generation_job> llama_language_model::make_job(generation_request& request,
                                                               admission::ticket ticket,
                                                               std::shared_ptr<mailbox> box) const {
    auto job = std::make_unique<generation_job>(std::move(ticket), std::move(box));
    job->owner = {request.user_id, request.interaction_id};
    job->how.temperature = request.temperature.value_or(settings_.default_temperature);
    job->how.top_p = request.top_p.value_or(settings_.default_top_p);
    if (request.seed) job->how.seed = static_cast<std::uint64_t>(*request.seed);
    job->stop = std::move(request.stop);
    job->max_output_tokens = request.max_output_tokens.value_or(settings_.default_max_output_tokens);
    return job;
}

void llama_language_model::read_prompt(std::unique_ptr<generation_job> job, generation_request const& request,
                                       engine::status const& status) {
    try {
        if (!job->box->stop_asked()) {
            if (auto const filled = fill(*job, request, status); !filled) return job->fail(filled.error());
        }
        engine_.submit(std::move(job));
    } catch (std::exception const& why) {
        auto failure = unexpected_failure(why);
        if (job) job->fail(std::move(failure));
    }
}

result<void> llama_language_model::fill(generation_job& job, generation_request const& request,
                                        engine::status const& status) const {
    auto const wish = wish_of(request);
    if (!wish) return std::unexpected(wish.error());
    auto read = status.reader->read(request.prompt, *wish, enough_tokens(status));
    if (!read) return std::unexpected(read.error());
    job.prompt = std::move(read->tokens);
    job.rules = std::move(read->rules);
    if (on_prompt_) on_prompt_(job.prompt, status.reader->text_of(job.prompt));
    if (read->length < status.context_window) return {};
    return fail(error_kind::invalid, "context_length_exceeded",
                fmt::format("The prompt takes {}{} tokens and the context window has {}: no room is left for "
                            "a reply.",
                            read->whole ? "" : "about ", read->length, status.context_window));
}

}  // namespace

std::unique_ptr<language_model> make_llama_model(model_config const& settings, metrics& statistics,
                                                 llama_options options) {
    return std::make_unique<llama_language_model>(settings, statistics, std::move(options));
}

}  // namespace parley
