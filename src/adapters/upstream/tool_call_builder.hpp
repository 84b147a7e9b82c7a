// Puts tool calls together out of the fragments of a stream. No I/O. Thread safety: none; one per answer.
#pragma once

#include "entities/tools.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parley::upstream {

struct tool_call_fragment {
    std::optional<std::int64_t> index;  // absent with servers that send calls whole or one after the other
    std::string_view id;
    std::string_view name;
    std::string_view arguments;
};

class tool_call_builder {
public:
    /// False when there are more or larger calls than a reply may have.
    [[nodiscard]] bool add(tool_call_fragment const& piece);

    [[nodiscard]] bool empty() const { return calls_.empty(); }

    /// In the order in which they began, each with an id that no other has. With `cut_off` the answer ended
    /// before it was complete: calls whose arguments are not whole are left out. Nothing when a call has no
    /// name.
    [[nodiscard]] std::optional<std::vector<tool_call>> take(bool cut_off);

private:
    struct slot {
        std::optional<std::int64_t> index;
        tool_call call;
    };
    [[nodiscard]] slot* find(tool_call_fragment const& piece);

    std::vector<slot> calls_;
    std::size_t bytes_ = 0;
};

}  // namespace parley::upstream
