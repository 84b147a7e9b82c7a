// The limiters that must keep the port's promises. A new one joins by one line in limiter_kinds().
#pragma once

#include "services/limiter.hpp"

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

namespace parley::test {

/// Several processes' view of what is counted together, or a single one that only one process has.
class limiter_under_test {
public:
    limiter_under_test() = default;
    limiter_under_test(limiter_under_test const&) = delete;
    limiter_under_test& operator=(limiter_under_test const&) = delete;
    virtual ~limiter_under_test() = default;

    [[nodiscard]] virtual limiter& first() = 0;
    [[nodiscard]] virtual limiter& second() { return first(); }
};

struct limiter_kind {
    std::string name;
    std::function<std::unique_ptr<limiter_under_test>()> make;
};

inline void PrintTo(limiter_kind const& kind, std::ostream* out) { *out << kind.name; }

[[nodiscard]] std::vector<limiter_kind> limiter_kinds();

}  // namespace parley::test
