#include "modules/turn/tool_results.hpp"

#include "services/store_errors.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace parley {
namespace {

// A reply with its answers is hardly ever longer.
constexpr std::size_t first_page = 8;

using call_ids = std::set<std::string, std::less<>>;

/// The end of a branch: the calls of its last reply and what was answered to them.
struct branch_tail {
    std::optional<message_id> last;  // of the branch; absent: it has none
    std::vector<tool_call> calls;    // none when the branch ends with something else
    call_ids answered;

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
task<result<branch_tail>> read_tail_up_to(conversation_store& store, user_id user, message end) {
    branch_tail tail;
    if (take(tail, end)) co_return tail;
    message_query query;
    query.branch = end.branch_id;
    query.page.after = end.seq + 1;
    co_return co_await read_tail(store, user, end.interaction_id, query);
}

std::unexpected<error> unknown_tool_call() {
    return fail(error_kind::conflict, "unknown_tool_call",
                "The reply before this message asks for no call with this id.", "tool_call_id");
}

result<void> check_open(branch_tail const& tail, std::string const& call) {
    if (!tail.asks_for(call)) return unknown_tool_call();
    if (tail.answered.contains(call)) return tool_call_answered();
    return {};
}

/// The results behind a message, on all the branches that go on from it with results.
class result_tree {
public:
    struct node {
        message_id id;
        std::int64_t seq = 0;
        call_ids answered{};       // up to here
        bool is_followed = false;  // by another result
    };

    result_tree(message const& root, call_ids answered) {
        nodes_.emplace(root.message_id, node{root.message_id, root.seq, std::move(answered)});
    }

    /// In the order of their numbers.
    void take(message const& one) {
        if (one.role != message_role::tool || !one.parent_id || !one.tool_call_id) return;
        auto const parent = nodes_.find(*one.parent_id);
        if (parent == nodes_.end()) return;
        parent->second.is_followed = true;
        node added{one.message_id, one.seq, parent->second.answered};
        added.answered.insert(*one.tool_call_id);
        nodes_.emplace(one.message_id, std::move(added));
    }

    /// The newest end at which the call is open.
    [[nodiscard]] node const* open_end(std::string const& call) const {
        node const* newest = nullptr;
        for (auto const& [id, one] : nodes_) {
            bool const fits = !one.is_followed && !one.answered.contains(call);
            if (fits && (newest == nullptr || newest->seq < one.seq)) newest = &one;
        }
        return newest;
    }

private:
    std::map<message_id, node> nodes_;
};

task<result<answer_spot>> spot_at_the_end(conversation_store& store, tool_answer answer) {
    // Before the branch is read, so that nothing of it is newer unseen.
    auto const newest = co_await newest_seq(store, answer.user_id, answer.interaction_id);
    if (!newest) co_return std::unexpected(newest.error());
    message_query const active;
    auto const tail = co_await read_tail(store, answer.user_id, answer.interaction_id, active);
    if (!tail) co_return std::unexpected(tail.error());
    if (auto const open = check_open(*tail, answer.tool_call_id); !open) {
        co_return std::unexpected(open.error());
    }
    answer_spot const spot{*tail->last, *newest, tail->open() == 1};
    co_return spot;
}

task<result<answer_spot>> spot_behind(conversation_store& store, tool_answer answer, message_id parent) {
    auto const root = co_await store.get_message(answer.user_id, answer.interaction_id, parent);
    if (!root && root.error().code == "message_not_found") co_return parent_not_found();
    if (!root) co_return std::unexpected(root.error());
    auto tail = co_await read_tail_up_to(store, answer.user_id, *root);
    if (!tail) co_return std::unexpected(tail.error());
    if (auto const open = check_open(*tail, answer.tool_call_id); !open) {
        co_return std::unexpected(open.error());
    }

    result_tree behind{*root, tail->answered};
    message_query later;
    later.all_branches = true;
    later.page = {.limit = limits::page, .order = page_order::ascending, .after = root->seq};
    for (bool more = true; more;) {
        auto const items = co_await store.page_of_branch(answer.user_id, answer.interaction_id, later);
        if (!items) co_return std::unexpected(items.error());
        for (auto const& item : items->data) behind.take(item);
        if (!items->data.empty()) later.page.after = items->data.back().seq;
        more = items->has_more && !items->data.empty();
    }
    answer_spot spot{parent, *later.page.after};
    auto const* const end = behind.open_end(answer.tool_call_id);
    spot.is_beside = end == nullptr;
    if (end != nullptr) {
        spot.behind = end->id;
        tail->answered = end->answered;
    }
    spot.is_last = tail->open() == 1;
    co_return spot;
}

}  // namespace

task<result<answer_spot>> find_answer_spot(conversation_store& store, tool_answer answer) {
    auto const place = answer.place;
    if (!place) return spot_at_the_end(store, std::move(answer));
    return spot_behind(store, std::move(answer), place->value_or(message_id{}));
}

std::unexpected<error> tool_call_answered() {
    return fail(error_kind::conflict, "tool_call_answered", "This call has its answer already.",
                "tool_call_id");
}

task<result<bool>> ends_with_all_answers(conversation_store& store, user_id user, message answered) {
    message_query query;
    query.branch = answered.branch_id;
    auto const tail = co_await read_tail(store, user, answered.interaction_id, query);
    if (!tail) co_return std::unexpected(tail.error());
    co_return tail->last == answered.message_id && !tail->calls.empty() && tail->open() == 0;
}

task<result<std::int64_t>> newest_seq(conversation_store& store, user_id user, interaction_id in) {
    message_query query;
    query.all_branches = true;
    query.page.limit = 1;
    query.page.order = page_order::descending;
    auto const newest = co_await store.page_of_branch(user, in, query);
    if (!newest) co_return std::unexpected(newest.error());
    co_return newest->data.empty() ? 0 : newest->data.front().seq;
}

}  // namespace parley
