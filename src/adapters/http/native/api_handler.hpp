// The common part of the native API's handlers: who asks, what they may, and how much of it, before the
// handler's own part; behind it an error becomes a problem document and, when it is the server's own, a line
// in the log.
#pragma once

#include "adapters/http/native/api_context.hpp"
#include "adapters/http/server/exchange.hpp"
#include "adapters/http/wire/query_reader.hpp"
#include "common/error.hpp"
#include "entities/interaction.hpp"

#include <cstdint>
#include <string>

namespace parley::http {

class api_handler : public handler {
public:
    explicit api_handler(api_context& api) : api_(api) {}

    [[nodiscard]] task<std::optional<response>> turn_away(request& call) final;
    [[nodiscard]] task<response> handle(request& call) final;

    /// Before it is used.
    void wants(scopes const& needed) { needed_ = needed; }

protected:
    [[nodiscard]] virtual task<result<response>> answer(request& call) = 0;
    [[nodiscard]] api_context& api() const { return api_; }

private:
    [[nodiscard]] task<response> answer_known(request& call);

    api_context& api_;
    scopes needed_{};
};

/// A place for the event stream that the answer will be, put into `call`: to be asked for before anything is
/// stored. Errors: rate_limited (too_many_streams).
[[nodiscard]] task<result<void>> take_stream_place(api_context& api, request& call);

/// The path's ids. Errors: not_found for anything that is no id.
[[nodiscard]] result<interaction_id> interaction_of(request const& call);
[[nodiscard]] result<message_id> message_of(request const& call);
/// The number behind them. Errors: as message_of, for anything that is no index.
[[nodiscard]] result<std::int64_t> sibling_index_of(request const& call);

/// Errors: unknown_parameter for any query parameter.
[[nodiscard]] result<void> no_query(request const& call);

/// No body, or an empty object. Errors: as parse_object; unknown_field.
[[nodiscard]] result<void> no_fields(request const& call);

[[nodiscard]] response json_response(unsigned status, std::string body);

/// 204.
[[nodiscard]] response nothing_more();

/// With ETag.
[[nodiscard]] response interaction_response(unsigned status, interaction const& value);

[[nodiscard]] std::string interaction_path(interaction_id const& id);

}  // namespace parley::http
