#include "adapters/sqlite/message_row.hpp"

#include "adapters/sqlite/extra_json.hpp"
#include "adapters/sqlite/json_text.hpp"
#include "adapters/sqlite/row_value.hpp"
#include "adapters/sqlite/schema.hpp"

namespace parley::sqlite {
namespace {

constexpr std::int64_t kind_text = 0;
constexpr std::int64_t kind_parts = 1;

std::string stored_text(message_content const& content) {
    auto const* const parts = std::get_if<content_parts>(&content);
    return parts == nullptr ? std::get<std::string>(content) : parts_to_json(*parts);
}

void read_outcome(query const& row, message& value) {
    if (!row.is_null(8)) value.finish_reason = enum_at(row, 8, finish_reason::content_filter);
    if (!row.is_null(9)) {
        value.usage = token_usage{.input_tokens = row.number(9),
                                  .cached_tokens = row.number(10),
                                  .output_tokens = row.number(11),
                                  .estimated = row.number(12) != 0,
                                  .cost = std::nullopt};
    }
    if (!row.is_null(15)) {
        value.timings = turn_timings{.queued_ms = row.number(13),
                                     .time_to_first_token_ms = optional_number(row, 14),
                                     .duration_ms = row.number(15)};
    }
    value.model_name = optional_text(row, 17);
    if (!row.is_null(18)) value.error = message_error{std::string{row.text(18)}, std::string{row.text(19)}};
}

}  // namespace

message_row read_message(query const& row) {
    message_row out;
    auto& value = out.value;
    out.key = row.number(0);
    value.seq = seq_of_key(out.key);
    value.message_id = row.id_at<message_id>(1);
    value.parent_id = optional_id<message_id>(row, 2);
    out.fork = optional_number(row, 3);
    value.created_at = row.time(4);
    value.role = enum_at(row, 5, message_role::tool);
    value.status = enum_at(row, 6, message_status::failed);
    if (value.role == message_role::assistant) read_outcome(row, value);
    out.lease_epoch = optional_number(row, 16);
    if (!row.is_null(20)) value.metadata = attributes_from_json(row.text(20));
    value.transformed_content = optional_text(row, 21);
    if (row.number(7) == kind_parts) {
        value.content = parts_from_json(row.text(22));
    } else {
        value.content = std::string{row.text(22)};
    }
    value.parent_seq = optional_number(row, 23).value_or(value.seq - 1);
    if (!row.is_null(24)) read_extra(row.text(24), value);
    return out;
}

result<bool> insert_message(connection& db, message_row const& row) {
    auto const& value = row.value;
    auto const metadata = attributes_to_json(value.metadata);
    auto const* const parts = std::get_if<content_parts>(&value.content);
    auto const json = parts == nullptr ? std::string{} : parts_to_json(*parts);
    auto const extra = extra_to_json(value);
    auto const parent_seq =
        value.parent_seq == value.seq - 1 ? std::nullopt : std::optional{value.parent_seq};
    query insert{db, statement::insert_message};
    insert.bind(row.key)
        .bind(value.message_id)
        .bind(value.parent_id)
        .bind(row.fork)
        .bind(value.created_at)
        .bind(number_of(value.role))
        .bind(number_of(value.status))
        .bind(parts == nullptr ? kind_text : kind_parts)
        .bind(row.lease_epoch)
        .bind(value.model_name)
        .bind(metadata)
        .bind(value.transformed_content)
        .bind(parts == nullptr ? std::get<std::string>(value.content) : json)
        .bind(parent_seq)
        .bind(extra);
    if (auto const done = insert.run(); !done) return std::unexpected(done.error());
    return db.changes() > 0;
}

result<void> write_outcome(connection& db, message_row const& row) {
    auto const& value = row.value;
    bool const counted = value.usage.has_value();
    bool const timed = value.timings.has_value();
    auto const usage = value.usage.value_or(token_usage{});
    auto const timings = value.timings.value_or(turn_timings{});
    auto const number = [](bool present, std::int64_t n) {
        return present ? std::optional{n} : std::nullopt;
    };
    auto const reason =
        number(value.finish_reason.has_value(), number_of(value.finish_reason.value_or(finish_reason::stop)));
    auto const input = number(counted, usage.input_tokens);
    auto const cached = number(counted, usage.cached_tokens);
    auto const output = number(counted, usage.output_tokens);
    auto const estimated = number(counted, usage.estimated ? 1 : 0);
    auto const queued = number(timed, timings.queued_ms);
    auto const duration = number(timed, timings.duration_ms);
    query write{db, statement::end_reply};
    write.bind(row.key)
        .bind(number_of(value.status))
        .bind(reason)
        .bind(input)
        .bind(cached)
        .bind(output)
        .bind(estimated)
        .bind(queued)
        .bind(timings.time_to_first_token_ms)
        .bind(duration)
        .bind(row.lease_epoch);
    if (value.error) {
        write.bind(value.error->code).bind(value.error->message);
    } else {
        write.bind_null().bind_null();
    }
    auto const content = stored_text(value.content);
    auto const extra = extra_to_json(value);
    return write.bind(content).bind(extra).run();
}

}  // namespace parley::sqlite
