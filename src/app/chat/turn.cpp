#include "app/chat/turn.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>

namespace parley {
namespace {

// clang-tidy does not see that it is used. NOLINTNEXTLINE(misc-unused-using-decls)
using boost::asio::experimental::awaitable_operators::operator||;

/// Returns when the person wants to wait no longer.
task<void> watch(client::chat_api const& api, std::string interaction, shown_reply const& shown,
                 interrupts& breaks) {
    co_await breaks.wait();
    if (shown.id().empty()) co_return;
    auto const outcome = co_await (api.stop_reply(std::move(interaction), shown.id()) || breaks.wait());
    if (outcome.index() == 1) co_return;
    co_await breaks.wait();  // the reply's own stream tells its end
}

}  // namespace

void shown_reply::on_text(std::string_view delta) {
    text_ += delta;
    screen_.reply(delta);
}

void shown_reply::complete(std::string_view stored) {
    if (stored.starts_with(text_)) {
        screen_.reply(stored.substr(text_.size()));
    } else {
        screen_.end_reply();
        screen_.note("The server has stored another text:");
        screen_.reply(stored);
    }
    screen_.end_reply();
}

task<std::optional<result<client::chat_message>>> take_turn(client::chat_api const& api,
                                                            std::string interaction, std::string content,
                                                            shown_reply& shown, interrupts& breaks) {
    auto outcome = co_await (api.converse(interaction, std::move(content), shown) ||
                             watch(api, interaction, shown, breaks));
    if (outcome.index() == 1) co_return std::nullopt;
    co_return std::get<0>(std::move(outcome));
}

}  // namespace parley
