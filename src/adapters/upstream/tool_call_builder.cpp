#include "adapters/upstream/tool_call_builder.hpp"

#include "entities/limits.hpp"

#include <boost/json/parse.hpp>

#include <algorithm>
#include <ranges>
#include <utility>

namespace parley::upstream {
namespace {

constexpr std::size_t most_calls = 128;
constexpr std::size_t most_bytes = std::size_t{1024} * 1024;  // of all names and arguments together

bool is_json(std::string const& text) {
    boost::system::error_code failed;
    static_cast<void>(boost::json::parse(text, failed));
    return !failed;
}

}  // namespace

/// The call that a fragment goes on with; null when it begins one. Some servers number all calls 0, others
/// give no numbers: an id that differs begins a call as well.
tool_call_builder::slot* tool_call_builder::find(tool_call_fragment const& piece) {
    if (!piece.index && piece.id.empty()) return calls_.empty() ? nullptr : &calls_.back();
    for (auto& one : std::views::reverse(calls_)) {
        auto const same_id = one.call.id == piece.id;
        if (!piece.index && same_id) return &one;
        if (!piece.index || one.index != piece.index) continue;
        return same_id || piece.id.empty() || one.call.id.empty() ? &one : nullptr;
    }
    return nullptr;
}

bool tool_call_builder::add(tool_call_fragment const& piece) {
    bytes_ += piece.id.size() + piece.name.size() + piece.arguments.size();
    auto* into = find(piece);
    if (into == nullptr) {
        if (calls_.size() >= most_calls) return false;
        into = &calls_.emplace_back(slot{piece.index, {}});
    }
    auto& call = into->call;
    if (call.id.empty()) call.id = piece.id;
    // Names come once, again with every fragment, longer each time, or in pieces.
    if (!piece.name.empty() && piece.name.starts_with(call.name)) {
        call.name = piece.name;
    } else {
        call.name += piece.name;
    }
    call.arguments += piece.arguments;
    return bytes_ <= most_bytes;
}

std::optional<std::vector<tool_call>> tool_call_builder::take(bool cut_off) {
    std::vector<tool_call> out;
    for (auto& [index, call] : calls_) {
        if (call.arguments.empty() && !cut_off) call.arguments = "{}";
        if (cut_off && (call.name.empty() || !is_json(call.arguments))) continue;
        if (call.name.empty()) return std::nullopt;
        auto const taken = [&](std::string const& id) {
            return std::ranges::find(out, id, &tool_call::id) != out.end();
        };
        if (call.id.empty() || call.id.size() > limits::tool_call_id) call.id.clear();
        for (auto number = out.size(); call.id.empty() || taken(call.id); ++number) {
            call.id = "call_" + std::to_string(number);
        }
        out.push_back(std::move(call));
    }
    calls_.clear();
    return out;
}

}  // namespace parley::upstream
