#include "modules/titles/title_maker.hpp"

#include "common/log.hpp"
#include "common/utf8.hpp"
#include "modules/titles/title_text.hpp"
#include "modules/turn/seat_watch.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <chrono>
#include <exception>
#include <optional>
#include <utility>

namespace parley {
namespace {

using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

// The first exchange, or one of the first when that one failed.
constexpr std::int64_t last_first_seq = 5;
constexpr std::size_t longest_excerpt = 1'000;  // bytes of each message; more tells no more
constexpr std::int64_t title_tokens = 32;
constexpr auto longest_waiting = 60s;
constexpr auto longest_writing = 30s;
constexpr auto longest_farewell = 5s;  // for the end of one that was stopped

constexpr std::string_view task_text =
    "You name conversations. Answer with a title of two to six words in the language of the conversation, "
    "without quotes and without a full stop. Answer with the title alone.";

/// As a model may read it: masks are for titles, too.
std::string excerpt(message const& one) {
    auto text = one.transformed_content ? *one.transformed_content : plain_text(one.content);
    text.resize(utf8_prefix(text, longest_excerpt));
    return text;
}

generation_request request_for(user_id user, message const& asked, message const& reply) {
    generation_request request;
    request.user_id = user;
    request.interaction_id = interaction_id::make();  // the chat's own kept state stays as it is
    request.prompt = {
        {"system", std::string{task_text}},
        {"user", "Name this conversation.\n\nUser: " + excerpt(asked) + "\n\nAssistant: " + excerpt(reply)}};
    request.temperature = 0;
    request.seed = 0;
    request.max_output_tokens = title_tokens;
    request.stop = {"\n"};
    return request;
}

task<bool> seated(model_queue::seat& seat, turn_control& control, boost::asio::any_io_executor executor) {
    auto const deadline = steady::now() + longest_waiting;
    wakeup moved{executor};
    seat_watch const watching{control, seat, moved};
    while (!seat.granted() && control.cause() == stop_cause::none && steady::now() < deadline) {
        co_await moved.wait(1000ms);
    }
    co_return seat.granted() && control.cause() == stop_cause::none;
}

}  // namespace

void title_maker::reply_ended(turn_lease const& lease, message const& reply,
                              boost::asio::any_io_executor const& executor) {
    bool const early = reply.parent_seq > 0 && reply.parent_seq <= last_first_seq;
    if (source_ == title_source::nobody || !early) return;
    boost::asio::co_spawn(executor, name(lease.user_id, reply, executor), boost::asio::detached);
}

task<void> title_maker::name(user_id user, message reply, boost::asio::any_io_executor executor) {
    auto const in = reply.interaction_id;
    auto const known = co_await store_.get_interaction(user, in);
    if (!known || !known->title.empty() || !reply.parent_id) co_return;
    auto const asked = co_await store_.get_message(user, in, *reply.parent_id);
    if (!asked) co_return;
    auto const work = message_id::make();
    auto const control = turns_.running().add(work, in);
    if (!control) co_return;
    registration const registered{turns_.running(), work};

    std::string title;
    if (source_ == title_source::model && reply.status == message_status::complete) {
        title = co_await ask_model(user, *asked, reply, *control, executor);
    }
    if (control->cause() != stop_cause::none) co_return;
    if (title.empty()) title = title_from_words(plain_text(asked->content));
    if (title.empty()) co_return;
    auto const named = co_await store_.suggest_title(user, in, std::move(title), time_.now());
    if (named && *named) news_.publish(user, interaction_titled{**named});
}

/// Empty when there is none to be had.
task<std::string> title_maker::ask_model(user_id user, message const& asked, message const& reply,
                                         turn_control& control, boost::asio::any_io_executor executor) {
    auto const model = models_.find(reply.model_name);
    if (!model) co_return "";
    auto seat = turns_.line().take(**model, user, model_queue::admission::background);
    if (!seat) co_return "";
    auto const at_model = co_await seated(*seat, control, executor);
    if (!at_model) co_return "";
    auto running = (*model)->start(request_for(user, asked, reply), executor);
    if (!running) co_return "";

    std::string said;
    auto const too_long = steady::now() + longest_writing;
    control.attach(running->get());
    while (steady::now() < too_long + longest_farewell) {
        if (steady::now() >= too_long) (*running)->stop();
        auto event = co_await (*running)->next(1000ms);
        if (auto const* delta = std::get_if<generation_delta>(&event)) said += delta->text;
        auto const* end = std::get_if<generation_end>(&event);
        if (end == nullptr) continue;
        control.detach();
        co_await count(user, reply.model_name.value_or(""), end->usage);
        if (!end->failure) co_return clean_title(said);
        log::info("title not made by the model",
                  {{"model", std::string_view{reply.model_name ? *reply.model_name : ""}},
                   {"code", std::string_view{end->failure->code}}});
        co_return "";
    }
    control.detach();
    co_return "";
}

/// A title leaves no reply behind that would say what it took.
task<void> title_maker::count(user_id user, std::string model_name, token_usage used) {
    if (used.input_tokens + used.output_tokens == 0) co_return;
    usage_entry entry{.id = message_id::make(),
                      .user_id = user,
                      .at = time_.now(),
                      .model_name = std::move(model_name),
                      .usage = used};
    auto const added = co_await usage_.add_usage(std::move(entry));
    if (!added) log::warn("usage of a title not counted", {{"code", added.error().code}});
}

}  // namespace parley
