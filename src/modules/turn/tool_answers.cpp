#include "modules/turn/tool_answers.hpp"

#include "services/store_errors.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace parley {
namespace {

// A reply with its answers is hardly ever longer.
constexpr std::size_t first_page = 8;

/// The end of a branch: the calls of its last reply and what was answered to them.
struct branch_tail {
    std::optional<message_id> last;  // of the branch; absent: it has none
    std::vector<tool_call> calls;    // none when the branch ends with something else
    std::set<std::string, std::less<>> answered;

    [[nodiscard]] bool asks_for(std::string_view id) const {
        return std::ranges::find(calls, id, &tool_call::id) != calls.end();
    }
    [[nodiscard]] std::size_t open() const {
        return static_cast<std::size_t>(
            std::ranges::count_if(calls, [&](tool_call const& one) { return !answered.contains(one.id); }));
    }
};

/// True when the tail is complete.
bool take(branch_tail& tail, message const& item) {
    if (!tail.last) tail.last = item.message_id;
    if (item.role == message_role::tool) {
        if (item.tool_call_id) tail.answered.insert(*item.tool_call_id);
        return false;
    }
    if (item.role == message_role::assistant) tail.calls = item.tool_calls;
    return true;
}

task<result<branch_tail>> read_tail(conversation_store& store, user_id user, interaction_id in,
                                    message_query query) {
    branch_tail tail;
    query.page.order = page_order::descending;
    query.page.limit = first_page;
    while (true) {
        auto items = co_await store.page_of_branch(user, in, query);
        if (!items) co_return std::unexpected(items.error());
        for (auto const& item : items->data) {
            if (take(tail, item)) co_return tail;
        }
        if (!items->has_more || items->data.empty()) co_return tail;
        query.branch = items->branch;
        query.page.after = items->data.back().seq;
        query.page.limit = limits::page;
    }
}

/// The branch up to and with that message.
message_query up_to(message const& end) {
    message_query query;
    query.branch = end.branch_id;
    query.page.after = end.seq + 1;
    return query;
}

}  // namespace

task<result<bool>> answers_last_call(conversation_store& store, tool_answer answer) {
    message_query query;
    if (answer.place) {
        auto const parent = answer.place->value_or(message_id{});
        auto const behind = co_await store.get_message(answer.user_id, answer.interaction_id, parent);
        if (!behind && behind.error().code == "message_not_found") co_return parent_not_found();
        if (!behind) co_return std::unexpected(behind.error());
        query = up_to(*behind);
    }
    auto const tail = co_await read_tail(store, answer.user_id, answer.interaction_id, query);
    if (!tail) co_return std::unexpected(tail.error());
    if (!tail->asks_for(answer.tool_call_id)) {
        co_return fail(error_kind::conflict, "unknown_tool_call",
                       "The reply before this message asks for no call with this id.", "tool_call_id");
    }
    if (tail->answered.contains(answer.tool_call_id)) {
        co_return fail(error_kind::conflict, "tool_call_answered", "This call has its answer already.",
                       "tool_call_id");
    }
    co_return tail->open() == 1;
}

task<result<bool>> ends_with_all_answers(conversation_store& store, user_id user, message answered) {
    message_query query;
    query.branch = answered.branch_id;
    auto const tail = co_await read_tail(store, user, answered.interaction_id, query);
    if (!tail) co_return std::unexpected(tail.error());
    co_return tail->last == answered.message_id && !tail->calls.empty() && tail->open() == 0;
}

}  // namespace parley
