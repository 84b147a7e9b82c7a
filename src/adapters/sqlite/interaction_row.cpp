#include "adapters/sqlite/interaction_row.hpp"

#include "adapters/sqlite/extra_json.hpp"
#include "adapters/sqlite/json_text.hpp"
#include "adapters/sqlite/row_value.hpp"

namespace parley::sqlite {
namespace {

constexpr std::int64_t pinned_flag = 1;
constexpr std::int64_t archived_flag = 2;

std::int64_t bits_of_mask(std::vector<masked> const& mask) {
    std::int64_t bits = 0;
    for (auto const what : mask) bits |= std::int64_t{1} << number_of(what);
    return bits;
}

std::vector<masked> mask_of_bits(std::int64_t bits) {
    std::vector<masked> mask;
    for (auto const what : {masked::email, masked::phone, masked::card}) {
        if ((bits >> number_of(what) & 1) != 0) mask.push_back(what);
    }
    return mask;
}

}  // namespace

std::int64_t flags_of(bool pinned, bool archived) {
    return (pinned ? pinned_flag : 0) | (archived ? archived_flag : 0);
}

interaction_row read_interaction(query const& row) {
    interaction_row out;
    auto& value = out.value;
    out.key = row.number(0);
    value.interaction_id = row.id_at<interaction_id>(1);
    value.user_id = row.id_at<user_id>(2);
    value.pinned = (row.number(3) & pinned_flag) != 0;
    value.archived = (row.number(3) & archived_flag) != 0;
    value.created_at = row.time(4);
    value.updated_at = row.time(5);
    value.last_message_at = row.time(6);
    value.message_count = row.number(7);
    value.version = row.number(8);
    out.root_branch = row.id_at<branch_id>(9);
    out.active_fork = optional_number(row, 10);
    value.active_branch = out.root_branch;
    value.title = row.text(11);
    if (!row.is_null(12)) value.metadata = attributes_from_json(row.text(12));
    auto& settings = value.settings;
    settings.model_name = optional_text(row, 13);
    settings.role = enum_at(row, 14, prompt_role::user);
    if (!row.is_null(15)) settings.temperature = row.real(15);
    if (!row.is_null(16)) settings.top_p = row.real(16);
    settings.max_output_tokens = optional_number(row, 17);
    settings.seed = optional_number(row, 18);
    if (!row.is_null(19)) settings.stop = strings_from_json(row.text(19));
    settings.prompt = optional_text(row, 20);
    settings.on_busy = enum_at(row, 21, busy_policy::interrupt);
    settings.mask = mask_of_bits(row.number(22));
    settings.content_template = optional_text(row, 23);
    value.expires_at = optional_time(row, 24);
    if (!row.is_null(25)) read_tools(row.text(25), settings);
    return out;
}

interaction_state read_state(query const& row) {
    return {.key = row.number(0),
            .user_id = row.id_at<user_id>(1),
            .updated_at = row.time(2),
            .last_message_at = row.time(3),
            .message_count = row.number(4),
            .last_seq = row.number(5),
            .version = row.number(6),
            .root_branch = row.id_at<branch_id>(7),
            .active_fork = optional_number(row, 8),
            .head = optional_id<message_id>(row, 9),
            .reply = optional_id<message_id>(row, 10),
            .turn_owner = row.id_at<process_id>(11),
            .turn_epoch = row.number(12),
            .turn_progress = row.number(13),
            .head_seq = row.number(14),
            .root_head_seq = row.number(15),
            .fork_count = row.number(16),
            .waiting = row.number(17),
            .expires_at = optional_time(row, 18)};
}

result<void> write_details(connection& db, statement which, std::int64_t key, interaction const& value) {
    auto const metadata = attributes_to_json(value.metadata);
    auto const stop = strings_to_json(value.settings.stop);
    auto const tools = tools_to_json(value.settings);
    query write{db, which};
    write.bind(key)
        .bind(value.title)
        .bind(metadata)
        .bind(value.settings.model_name)
        .bind(number_of(value.settings.role))
        .bind(value.settings.temperature)
        .bind(value.settings.top_p)
        .bind(value.settings.max_output_tokens)
        .bind(value.settings.seed)
        .bind(stop)
        .bind(value.settings.prompt)
        .bind(number_of(value.settings.on_busy))
        .bind(bits_of_mask(value.settings.mask))
        .bind(value.settings.content_template)
        .bind(tools);
    return write.run();
}

}  // namespace parley::sqlite
