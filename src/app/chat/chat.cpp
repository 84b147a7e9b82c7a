#include "app/chat/chat.hpp"

#include "adapters/client/chat_api.hpp"
#include "app/chat/terminal.hpp"
#include "app/chat/turn.hpp"
#include "app/run_task.hpp"
#include "common/id.hpp"
#include "common/utf8.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <fmt/format.h>

#include <utility>

namespace parley {
namespace {

constexpr int shown_earlier = 6;  // messages

/// The work's outcome, or the error "interrupted" when Ctrl-C comes first.
template <class T>
task<result<T>> unless_interrupted(task<result<T>> work, interrupts& breaks) {
    using boost::asio::experimental::awaitable_operators::operator||;
    auto outcome = co_await (std::move(work) || breaks.wait());
    if (outcome.index() == 1)
        co_return fail(error_kind::cancelled, "interrupted", "Left before the server answered.");
    co_return std::get<0>(std::move(outcome));
}

client::server_address with_key(client::server_address where, std::string const& api_key) {
    where.api_key = api_key;
    return where;
}

class conversation {
public:
    conversation(chat_options const& options, client::server_address where)
        : options_{options},
          api_{with_key(std::move(where), options.api_key)},
          screen_{breaks_} {}

    chat_end run() {
        auto const ready = options_.interaction ? resume() : create();
        if (!ready) return give_up(ready.error());
        while (true) {
            auto const input = screen_.read_message();
            if (input.what != terminal_input::kind::line) return leave();
            if (input.text.find_first_not_of(" \t\r\n") == std::string_view::npos) continue;
            if (auto const failed = is_valid_utf8(input.text) ? ask(input.text) : not_text(); failed) {
                if (!screen_.is_interactive()) return give_up(*failed);
                screen_.problem(failed->message);
            }
        }
    }

private:
    static std::optional<error> not_text() {
        return error{
            error_kind::invalid, "invalid_utf8", "The line is not valid UTF-8; it was not sent.", {}, {}};
    }

    [[nodiscard]] client::chat_settings settings() const { return {options_.model, options_.system_prompt}; }

    template <class T>
    result<T> wait_for(task<result<T>> work) {
        return run_task(unless_interrupted(std::move(work), breaks_));
    }

    result<void> create() {
        auto id = wait_for(api_.create_interaction(settings()));
        if (!id) return std::unexpected(id.error());
        id_ = std::move(*id);
        screen_.note(fmt::format("interaction {}", id_));
        return {};
    }

    result<void> resume() {
        id_ = *options_.interaction;
        if (!parse_uuid(id_)) {
            return invalid("invalid_id", fmt::format("\"{}\" is not the id of an interaction.", id_),
                           "interaction");
        }
        if (options_.model || options_.system_prompt) {
            auto const changed = wait_for(api_.change_interaction(id_, settings()));
            if (!changed) return changed;
        }
        auto const messages = wait_for(api_.latest_messages(id_, shown_earlier));
        if (!messages) return std::unexpected(messages.error());
        screen_.note(fmt::format("interaction {}", id_));
        for (auto const& one : *messages) screen_.earlier(one.role, one.text);
        return {};
    }

    /// Why it went wrong, if it did.
    std::optional<error> ask(std::string const& text) {
        shown_reply shown{screen_};
        auto const reply = run_task(take_turn(api_, id_, text, shown, breaks_));
        if (!reply) {
            screen_.end_reply();
            screen_.note(shown.id().empty() ? "(left alone)"
                                            : "(left alone; the server may still be writing it)");
            return std::nullopt;
        }
        if (!*reply) {
            screen_.end_reply();
            if (!shown.id().empty())
                screen_.note("The message is stored; the server may still be writing the reply.");
            return reply->error();
        }
        shown.complete((*reply)->text);
        if (screen_.output_failed()) {
            return error{error_kind::internal,
                         "output_failed",
                         "The reply can not be written to standard output.",
                         {},
                         {}};
        }
        return explain_end(**reply);
    }

    std::optional<error> explain_end(client::chat_message const& reply) {
        if (reply.status == "failed") return error{error_kind::internal, "reply_failed", reply.problem};
        if (reply.status == "stopped") screen_.note("(stopped)");
        if (reply.status == "interrupted")
            screen_.note("(interrupted: the server ended before the reply did)");
        if (reply.finish_reason == "length")
            screen_.note("(cut off: the reply reached its greatest length or the end of the context window)");
        return std::nullopt;
    }

    chat_end leave() {
        if (screen_.is_interactive()) {
            screen_.note("");
            screen_.note(fmt::format("Go on with: parley chat --interaction {}", id_));
        }
        return chat_end::left;
    }

    chat_end give_up(error const& why) {
        if (why.code == "interrupted") return chat_end::left;
        screen_.problem(why.message);
        if (why.code != "server_unreachable") return chat_end::failed;
        screen_.note("Start one with: parley serve; or say where it is: parley chat --url URL");
        return chat_end::no_server;
    }

    chat_options const& options_;
    client::chat_api api_;
    interrupts breaks_;
    terminal screen_;
    std::string id_;
};

}  // namespace

chat_end run_chat(chat_options const& options) {
    auto where = client::parse_server_address(options.url);
    if (!where) {
        fmt::print(stderr, "parley: {}\n", where.error().message);
        return chat_end::bad_address;
    }
    if (!where->is_loopback) {
        fmt::print(stderr, "note: what is said goes to {} unencrypted\n", where->host);
    }
    return conversation{options, std::move(*where)}.run();
}

}  // namespace parley
