// The cache of a server that has none. Thread safety: as the port.
#pragma once

#include "services/cache.hpp"

namespace parley {

class no_cache final : public cache {
public:
    [[nodiscard]] task<cache_answer> lookup(std::string) override {
        co_return cache_miss{std::nullopt, true};
    }
    void fill(std::string, fill_token, std::string) override {}
    [[nodiscard]] task<void> invalidate(std::string) override { co_return; }
    [[nodiscard]] cache_state state() const override { return cache_state::off; }
};

}  // namespace parley
