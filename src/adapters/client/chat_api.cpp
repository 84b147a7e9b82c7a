#include "adapters/client/chat_api.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace parley::client {
namespace {

namespace json = boost::json;

constexpr std::string_view interactions = "/api/v1/interactions";

std::unexpected<error> not_in_the_contract(std::string_view what) {
    return fail(error_kind::malformed, "bad_answer",
                fmt::format("The answer is not that of a Parley server ({}).", what));
}

json::value parse(std::string_view text) {
    json::error_code failed;
    auto value = json::parse(text, failed);
    return failed ? json::value{} : value;
}

// g++ 12 destroys a braced argument of an awaited call twice: calls are named first.

/// The member's text; empty when there is none.
std::string text_of(json::value const& value, std::string_view name) {
    auto const* const object = value.if_object();
    auto const* const member = object == nullptr ? nullptr : object->if_contains(name);
    return member != nullptr && member->is_string() ? std::string{member->get_string()} : std::string{};
}

json::value const& member_of(json::value const& value, std::string_view name) {
    static json::value const none;
    auto const* const object = value.if_object();
    auto const* const member = object == nullptr ? nullptr : object->if_contains(name);
    return member == nullptr ? none : *member;
}

/// Content is text or a list of parts.
std::string content_of(json::value const& message) {
    auto const& content = member_of(message, "content");
    if (content.is_string()) return std::string{content.get_string()};
    std::string text;
    if (content.is_array()) {
        for (auto const& part : content.get_array()) text += text_of(part, "text");
    }
    return text;
}

chat_message read_message(json::value const& value) {
    return {text_of(value, "role"), content_of(value), text_of(value, "status"),
            text_of(value, "finish_reason"), text_of(member_of(value, "error"), "message")};
}

error_kind kind_of(unsigned status) {
    if (status == 404) return error_kind::not_found;
    if (status == 409) return error_kind::conflict;
    if (status == 503) return error_kind::unavailable;
    return status >= 500 ? error_kind::internal : error_kind::invalid;
}

/// The body of an answer with the status that the contract promises, otherwise the problem that the server
/// tells.
result<json::value> expect(result<http_answer> const& answer, unsigned status) {
    if (!answer) return std::unexpected(answer.error());
    auto body = parse(answer->body);
    if (answer->status == status) return body;
    auto const detail = text_of(body, "detail");
    if (detail.empty()) return not_in_the_contract(fmt::format("status {}", answer->status));
    return fail(kind_of(answer->status), text_of(body, "code"), detail, text_of(body, "param"));
}

json::object settings_json(chat_settings const& settings) {
    json::object out;
    if (settings.model_name) out["model_name"] = *settings.model_name;
    if (settings.prompt) out["prompt"] = *settings.prompt;
    return out;
}

std::string body_with(chat_settings const& settings) {
    return json::serialize(json::object{{"settings", settings_json(settings)}});
}

/// Turns the events of a turn into calls of a listener.
class turn_reader final : public event_listener {
public:
    explicit turn_reader(reply_listener& listener) : listener_{listener} {}

    [[nodiscard]] bool on_event(sse_event const& event) override {
        constexpr std::string_view endings[] = {"message.completed", "message.stopped", "message.interrupted",
                                                "message.failed"};
        auto const data = parse(event.data);
        if (event.type == "message.created") {
            listener_.on_begin(text_of(member_of(data, "reply"), "message_id"));
        } else if (event.type == "message.delta") {
            listener_.on_text(text_of(data, "delta"));
        } else if (std::ranges::find(endings, event.type) != std::end(endings)) {
            reply_ = read_message(data);
            return false;
        }
        return true;
    }

    [[nodiscard]] std::optional<chat_message> const& reply() const { return reply_; }

private:
    reply_listener& listener_;
    std::optional<chat_message> reply_;
};

}  // namespace

task<result<std::string>> chat_api::create_interaction(chat_settings settings) const {
    http_call call{"POST", std::string{interactions}, body_with(settings)};
    auto const answer = co_await http_.send(std::move(call));
    auto const body = expect(answer, 201);
    if (!body) co_return std::unexpected(body.error());
    auto id = text_of(*body, "interaction_id");
    if (id.empty()) co_return not_in_the_contract("no interaction_id");
    co_return id;
}

task<result<void>> chat_api::change_interaction(std::string interaction, chat_settings settings) const {
    http_call call{"PATCH", fmt::format("{}/{}", interactions, interaction), body_with(settings)};
    auto const answer = co_await http_.send(std::move(call));
    auto const body = expect(answer, 200);
    if (!body) co_return std::unexpected(body.error());
    co_return result<void>{};
}

task<result<std::vector<chat_message>>> chat_api::latest_messages(std::string interaction, int count) const {
    http_call call{"GET", fmt::format("{}/{}/messages?limit={}", interactions, interaction, count), {}};
    auto const answer = co_await http_.send(std::move(call));
    auto const body = expect(answer, 200);
    if (!body) co_return std::unexpected(body.error());
    auto const& data = member_of(*body, "data");
    if (!data.is_array()) co_return not_in_the_contract("no data");
    std::vector<chat_message> messages;
    for (auto const& one : data.get_array()) messages.push_back(read_message(one));
    std::ranges::reverse(messages);
    co_return messages;
}

task<result<chat_message>> chat_api::converse(std::string interaction, std::string content,
                                              reply_listener& listener) const {
    turn_reader reader{listener};
    http_call call{"POST", fmt::format("{}/{}/messages", interactions, interaction),
                   json::serialize(json::object{{"content", content}, {"stream", true}})};
    auto const answer = co_await http_.follow(std::move(call), reader);
    auto const body = expect(answer, 200);
    if (!body) co_return std::unexpected(body.error());
    if (!reader.reply()) co_return not_in_the_contract("no end of the reply");
    co_return *reader.reply();
}

task<result<void>> chat_api::stop_reply(std::string interaction, std::string reply) const {
    http_call call{"POST", fmt::format("{}/{}/messages/{}/stop", interactions, interaction, reply), {}};
    auto const answer = co_await http_.send(std::move(call));
    auto const body = expect(answer, 200);
    if (!body) co_return std::unexpected(body.error());
    co_return result<void>{};
}

}  // namespace parley::client
