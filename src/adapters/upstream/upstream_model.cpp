#include "adapters/upstream/upstream_model.hpp"

#include "adapters/upstream/remote_run.hpp"
#include "adapters/upstream/request_body.hpp"
#include "services/token_estimate.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <exception>
#include <utility>

namespace parley::upstream {
namespace {

/// The port's view of a run.
class remote_generation final : public generation {
public:
    explicit remote_generation(std::shared_ptr<remote_run> work) : work_(std::move(work)) {}
    ~remote_generation() override { stop_on_its_loop(); }

    [[nodiscard]] task<generation_event> next(std::chrono::milliseconds longest) override {
        return remote_run::next(work_, longest);
    }
    void stop() noexcept override { stop_on_its_loop(); }

private:
    void stop_on_its_loop() noexcept {
        boost::asio::post(work_->executor(), [work = work_] { work->stop(); });
    }

    std::shared_ptr<remote_run> const work_;
};

model_abilities abilities_of(upstream_config const& server, model_config const& settings) {
    auto const can = [&](std::string_view word) {
        return std::ranges::find(settings.abilities, word) != settings.abilities.end();
    };
    return {.tools = can("tools"),
            // This dialect has none.
            .structured_output = can("structured_output") && server.dialect != "anthropic",
            .images = can("images")};
}

class upstream_model final : public language_model {
public:
    upstream_model(std::shared_ptr<upstream> server, model_config const& settings,
                   std::optional<token_price> price)
        : server_(std::move(server)),
          settings_(settings),
          remote_name_(settings.remote_name.empty() ? settings.name : settings.remote_name),
          abilities_(abilities_of(server_->settings(), settings)),
          price_(price),
          streams_(std::make_shared<open_streams>(server_, settings.name)) {}

    [[nodiscard]] model_info info() const override {
        model_info out;
        out.name = settings_.name;
        out.kind = "upstream";
        out.state = model_state::ready;
        out.context_window = settings_.context_window;
        out.description = remote_name_ + " by " + server_->name();
        out.running = streams_->now();
        out.parallel = settings_.parallel;
        out.max_waiting = settings_.max_waiting;
        out.abilities = abilities_;
        out.price = price_;
        return out;
    }

    [[nodiscard]] task<result<std::int64_t>> count_tokens(generation_request request) override {
        co_return estimate_tokens(request);
    }

    [[nodiscard]] result<std::unique_ptr<generation>> start(generation_request asked,
                                                            boost::asio::any_io_executor executor) override {
        if (auto able = check(asked); !able) return std::unexpected(std::move(able.error()));
        auto const anthropic = server_->settings().dialect == "anthropic";
        auto body = anthropic ? write_anthropic_request(asked, remote_name_, server_->settings(),
                                                        settings_.default_max_output_tokens)
                              : write_openai_request(asked, remote_name_, server_->settings());
        remote_run::task_of work{
            .request = server_->write_request(anthropic ? "/messages" : "/chat/completions", std::move(body),
                                              asked.trace),
            .input_estimate = estimate_tokens(asked),
            .price = price_};
        auto running = std::make_shared<remote_run>(server_, streams_, std::move(work), executor);
        // Not at once: whoever starts may hold what the run will want.
        boost::asio::post(executor, [executor, running] {
            boost::asio::co_spawn(executor, remote_run::run(running),
                                  [running](std::exception_ptr const& thrown) {
                                      if (thrown) running->give_up();
                                  });
        });
        return std::make_unique<remote_generation>(std::move(running));
    }

private:
    [[nodiscard]] result<void> check(generation_request const& asked) const {
        auto const refuse = [&](std::string code, std::string_view what) {
            return fail(error_kind::conflict, std::move(code),
                        "The model \"" + settings_.name + "\" takes no " + std::string{what} + ".");
        };
        auto const shows = [](prompt_message const& message) {
            return std::ranges::any_of(message.parts, [](content_part const& part) {
                return std::holds_alternative<image_part>(part);
            });
        };
        if (!abilities_.images && std::ranges::any_of(asked.prompt, shows))
            return refuse("images_not_supported", "images");
        if (!abilities_.tools && !asked.tools.empty()) return refuse("tools_not_supported", "tools");
        if (!abilities_.structured_output && asked.response_format)
            return refuse("structured_output_not_supported", "response_format");
        return {};
    }

    std::shared_ptr<upstream> const server_;
    model_config const settings_;
    std::string const remote_name_;
    model_abilities const abilities_;
    std::optional<token_price> const price_;
    std::shared_ptr<open_streams> const streams_;
};

}  // namespace

std::unique_ptr<language_model> make_upstream_model(std::shared_ptr<upstream> server,
                                                    model_config const& settings,
                                                    std::optional<token_price> price) {
    return std::make_unique<upstream_model>(std::move(server), settings, price);
}

}  // namespace parley::upstream
