#pragma once

namespace parley {

/// The cells that llama.cpp sets aside for a chat with a window of so many tokens: it rounds up to 256.
template <class Count>
[[nodiscard]] constexpr Count window_cells(Count window) {
    constexpr Count step = 256;
    return (window + step - 1) / step * step;
}

}  // namespace parley
