// A route of fakes on one event loop, with a clock that stands still.
#pragma once

#include "modules/routing/routed_model.hpp"
#include "support/fake_model.hpp"
#include "support/generation_reader.hpp"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace parley::test {

using namespace std::chrono_literals;

inline error error_of(error_kind kind, std::string code) { return {kind, std::move(code), "It went wrong."}; }
inline error const down = error_of(error_kind::unavailable, "upstream_failed");
inline error const refused = error_of(error_kind::invalid, "upstream_refused");

inline fake_reply says(std::string text) { return {.steps = {generation_delta{std::move(text)}}}; }
inline fake_reply refuses(error why) { return {.refused = std::move(why)}; }
inline fake_reply fails(error why) { return {.steps = {failed_end(std::move(why))}}; }
inline fake_reply breaks_off(std::string text, error why) {
    return {.steps = {generation_delta{std::move(text)}, failed_end(std::move(why))}};
}
inline fake_reply is_silent() { return {.steps = {hangs{}}}; }

/// What came until the end, or until nothing came within `longest`.
struct heard {
    std::string text;
    std::string thought;
    std::optional<generation_end> end;

    [[nodiscard]] std::string outcomes() const {
        std::string out;
        if (!end) return "none";
        for (auto const& one : end->attempts) {
            out += (out.empty() ? "" : ", ") + one.target + " " + one.outcome;
        }
        return out;
    }
    [[nodiscard]] std::string ending() const {
        if (!end) return "silent";
        if (end->failure) return end->failure->code;
        return end->stopped ? "stopped" : "complete";
    }
};

inline task<heard> hear(generation& from, std::chrono::milliseconds longest) {
    heard all;
    for (;;) {
        auto event = co_await from.next(longest);
        if (std::holds_alternative<generation_idle>(event)) co_return all;
        if (auto const* delta = std::get_if<generation_delta>(&event)) all.text += delta->text;
        if (auto const* thought = std::get_if<generation_reasoning>(&event)) all.thought += thought->text;
        if (auto* end = std::get_if<generation_end>(&event)) {
            all.end = std::move(*end);
            co_return all;
        }
    }
}

class route_fixture : public ::testing::Test {
protected:
    fake_model& add_fake(std::string name) {
        fakes_.push_back(std::make_unique<fake_model>(std::move(name), time_));
        return *fakes_.back();
    }

    std::shared_ptr<route_target> target(language_model& model, target_options chosen = {}) {
        if (chosen.name.empty()) chosen.name = model.info().name;
        return std::make_shared<route_target>(model, std::move(chosen), seen_, time_.source());
    }

    std::unique_ptr<language_model> route(std::vector<std::shared_ptr<route_target>> targets,
                                          route_options chosen = {}) {
        if (chosen.name.empty()) chosen.name = "route";
        chosen.now = time_.source();
        return make_routed_model(std::move(chosen), std::move(targets), seen_);
    }

    std::unique_ptr<generation> begin(language_model& model, generation_request request = {}) {
        if (request.prompt.empty()) request.prompt = {{"user", "Hello"}};
        auto begun = model.start(std::move(request), loop_.get_executor());
        EXPECT_TRUE(begun) << (begun ? "" : begun.error().code);
        return begun ? std::move(*begun) : nullptr;
    }

    heard listen(generation& to, std::chrono::milliseconds longest = 1h) {
        return testing::run(loop_, hear(to, longest));
    }

    heard ask(language_model& model) {
        auto const begun = begin(model);
        return listen(*begun);
    }

    /// Until nothing is left to do.
    void settle() {
        loop_.restart();
        loop_.run();
    }

    boost::asio::io_context loop_{1};
    manual_time time_;
    seen_metrics seen_;
    std::vector<std::unique_ptr<fake_model>> fakes_;
};

}  // namespace parley::test
