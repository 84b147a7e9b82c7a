#include "modules/turn/turn_service.hpp"

#include "common/log.hpp"

#include <boost/asio/co_spawn.hpp>

#include <exception>
#include <optional>
#include <string>
#include <utility>

namespace parley {
namespace {

using namespace std::chrono_literals;

constexpr auto look_again = 1000ms;
constexpr auto longest_ending = 15s;  // one decoding batch, and longer than the store's own deadline
constexpr std::size_t recovery_batch = 256;

/// Takes the reply out of the list of running ones, however its runner ends.
class registration {
public:
    registration(running_turns& turns, message_id reply) : turns_(&turns), reply_(reply) {}
    registration(registration&& other) noexcept
        : turns_(std::exchange(other.turns_, nullptr)),
          reply_(other.reply_) {}
    registration& operator=(registration&&) = delete;
    ~registration() {
        if (turns_ != nullptr) turns_->remove(reply_);
    }

private:
    running_turns* turns_;
    message_id reply_;
};

task<void> run_registered(turn_tools tools, turn_work work, registration registered,
                          boost::asio::any_io_executor executor) {
    auto const held = std::move(registered);
    co_await run_turn(tools, std::move(work), std::move(executor));
}

void report_bug(std::exception_ptr const& thrown) {
    if (!thrown) return;
    try {
        std::rethrow_exception(thrown);
    } catch (std::exception const& bug) {
        log::error("a turn's runner threw", {{"what", bug.what()}});
    }
}

}  // namespace

turn_service::turn_service(conversation_store& store, model_catalog const& models, reply_feed& feed,
                           clock const& time, metrics& seen, process_id owner)
    : store_(store),
      models_(models),
      feed_(feed),
      time_(time),
      seen_(seen),
      owner_(owner) {}

task<result<message>> turn_service::append(user_id user, interaction_id id, message_draft draft) {
    return store_.append_message(user, id, message_id::make(), std::move(draft), time_.now());
}

task<result<turn_start>> turn_service::begin(user_id user, interaction_id id, message_draft draft,
                                             boost::asio::any_io_executor executor) {
    auto interaction = co_await store_.get_interaction(user, id);
    if (!interaction) co_return std::unexpected(interaction.error());
    auto model = models_.find(interaction->settings.model_name);
    if (!model) co_return std::unexpected(model.error());
    auto place = places_.take(**model);
    if (!place) co_return std::unexpected(place.error());

    // Readers may come as soon as the store knows the reply, so its feed and its stop are there before.
    auto const reply = message_id::make();
    auto control = running_.add(reply, id);
    if (!control) co_return fail(error_kind::unavailable, "shutting_down", "The server is shutting down.");
    registration registered{running_, reply};
    auto feed = feed_.open(reply);
    turn_draft turn{.user_id = user,
                    .interaction_id = id,
                    .owner = owner_,
                    .user_message_id = message_id::make(),
                    .user_message = std::move(draft),
                    .transformed_content = std::nullopt,
                    .reply_id = reply,
                    .model_name = (*model)->info().name,
                    .now = time_.now()};
    auto start = co_await store_.begin_turn(std::move(turn));
    if (!start) co_return std::unexpected(start.error());

    turn_work work{
        *start,         std::move(interaction->settings), **model, std::move(*place), std::move(control),
        std::move(feed)};
    turn_tools const tools{store_, time_, seen_};
    boost::asio::co_spawn(executor, run_registered(tools, std::move(work), std::move(registered), executor),
                          report_bug);
    co_return std::move(*start);
}

task<result<message>> turn_service::wait(user_id user, interaction_id id, message_id reply,
                                         boost::asio::any_io_executor executor) {
    return wait_until(user, id, reply, std::move(executor), steady::time_point::max());
}

task<result<message>> turn_service::wait_until(user_id user, interaction_id id, message_id reply,
                                               boost::asio::any_io_executor executor,
                                               steady::time_point deadline) {
    if (auto const reader = feed_.follow(reply, 0, executor)) {
        while (true) {
            auto event = co_await reader->next(look_again);
            if (auto* end = std::get_if<feed_end>(&event)) co_return std::move(end->reply);
            if (std::holds_alternative<feed_lost>(event)) break;
            if (steady::now() >= deadline) {
                co_return fail(
                    error_kind::timed_out, "store_timeout",
                    "The reply has ended, but its end could not be stored yet. It is tried further.");
            }
        }
    }
    auto stored = co_await store_.get_message(user, id, reply);
    if (stored && !is_final(stored->status)) {
        co_return fail(error_kind::unavailable, "reply_lost",
                       "The reply has lost its writer; read it again later.");
    }
    co_return stored;
}

task<result<message>> turn_service::stop(user_id user, interaction_id id, message_id reply,
                                         boost::asio::any_io_executor executor) {
    auto stored = co_await store_.get_message(user, id, reply);
    if (!stored) co_return stored;
    if (stored->role != message_role::assistant) {
        co_return fail(error_kind::conflict, "not_a_reply", "Only a reply can be stopped.");
    }
    if (is_final(stored->status)) co_return stored;
    running_.stop(reply);
    co_return co_await wait_until(user, id, reply, std::move(executor), steady::now() + longest_ending);
}

task<result<void>> turn_service::delete_interaction(user_id user, interaction_id id,
                                                    std::optional<std::int64_t> if_version) {
    auto gone = co_await store_.delete_interaction(user, id, if_version);
    if (gone) running_.stop_in(id);
    co_return gone;
}

task<result<std::size_t>> turn_service::recover() {
    std::size_t expired = 0;
    while (true) {
        auto const left = co_await store_.active_turns(recovery_batch);
        if (!left) co_return std::unexpected(left.error());
        if (left->empty()) co_return expired;
        auto const before = expired;
        for (auto const& seen : *left) {
            auto const ended = co_await store_.expire_turn(seen, time_.now());
            if (!ended) co_return std::unexpected(ended.error());
            if (*ended) ++expired;
        }
        if (expired == before) co_return internal_error("turns of an earlier run can not be ended");
    }
}

}  // namespace parley
