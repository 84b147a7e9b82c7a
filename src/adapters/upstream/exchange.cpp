#include "adapters/upstream/exchange.hpp"

#include "adapters/upstream/dial.hpp"
#include "common/ascii.hpp"

#include <utility>

namespace parley::upstream {

exchange::exchange(std::shared_ptr<upstream> server, boost::asio::any_io_executor executor,
                   std::shared_ptr<lifeline> life)
    : server_(std::move(server)),
      executor_(std::move(executor)),
      life_(std::move(life)) {}

exchange::~exchange() { life_->release(); }

task<result<void>> exchange::begin(std::string request, std::chrono::milliseconds patience,
                                   std::function<void()> on_sent) {
    patience_ = patience;
    for (bool kept = true;; kept = false) {
        auto const reused = co_await connect(kept);
        if (!reused) co_return std::unexpected(reused.error());
        auto const asked = co_await ask(request, on_sent);
        if (asked || heard_ || !*reused || life_->ended() != lifeline::cause::none) co_return asked;
        life_->interrupt_by(nullptr);
        place_.reset();
    }
}

/// True when the connection was a kept one.
task<result<bool>> exchange::connect(bool kept) {
    place_ = server_->pool().take(executor_, kept);
    if (!place_) co_return std::unexpected(server_->words().busy(server_->pool().limit()));
    auto const reused = place_->get() != nullptr;
    if (!reused) {
        auto const timeout = server_->settings().connect_timeout;
        life_->end_within(timeout);
        auto fresh = co_await dial(executor_, server_->way(), server_->words(), life_);
        if (life_->ended() == lifeline::cause::deadline)
            co_return std::unexpected(server_->words().too_slow("no connection", timeout));
        if (!fresh) co_return std::unexpected(std::move(fresh.error()));
        place_->put(std::move(*fresh));
    }
    co_return reused;
}

task<result<void>> exchange::ask(std::string_view request, std::function<void()> const& on_sent) {
    auto const& words = server_->words();
    auto* const line = place_->get();
    life_->end_within(patience_);
    guard_connection();
    heard_ = false;
    answer_.emplace(http_answer::of::request);
    // A server that refuses early answers before it has read everything: what failed to go out is told by the
    // answer.
    auto const sent = co_await line->write_all(request);
    if (!sent.failed && on_sent) on_sent();
    while (!answer_->has_header()) {
        auto const read = co_await line->read_some(bytes_);
        if (life_->ended() == lifeline::cause::deadline)
            co_return std::unexpected(words.too_slow("no answer", patience_));
        if (read.failed) {
            auto const& why = sent.failed ? sent.failed : read.failed;
            co_return std::unexpected(words.unreachable("the connection was lost", why.message()));
        }
        heard_ = true;
        auto const problem = answer_->feed({bytes_.data(), read.bytes});
        if (!problem.empty()) co_return std::unexpected(words.invalid_answer(problem));
    }
    body_ = answer_->take_body();
    co_return result<void>{};
}

void exchange::guard_connection() {
    life_->interrupt_by([line = place_->get()] { line->close(); });
}

task<exchange::progress> exchange::read_more() {
    body_ = {};
    if (answer_->is_whole()) co_return progress::whole;
    auto const read = co_await place_->get()->read_some(bytes_);
    if (read.failed) {
        auto const ended_well = life_->ended() == lifeline::cause::none && answer_->finish();
        co_return ended_well ? progress::whole : progress::lost;
    }
    if (!answer_->feed({bytes_.data(), read.bytes}).empty()) co_return progress::lost;
    body_ = answer_->take_body();
    co_return progress::more;
}

task<std::string> exchange::read_body(std::size_t most) {
    std::string out{body_};
    while (out.size() < most) {
        auto const how = co_await read_more();
        out += body_;
        if (how != progress::more) break;
    }
    if (out.size() > most) out.resize(most);
    co_return out;
}

void exchange::keep_connection() {
    life_->release();
    if (answer_ && answer_->leaves_connection_open() && life_->ended() == lifeline::cause::none)
        place_->give_back();
    place_.reset();
}

std::optional<error> problem_of(http_answer const& answer, failures const& words) {
    auto const encoding = answer.field("Content-Encoding");
    if (encoding.empty() || same_word(encoding, "identity")) return std::nullopt;
    return words.invalid_answer("it is compressed (" + std::string{encoding} + "), which was not asked for");
}

}  // namespace parley::upstream
