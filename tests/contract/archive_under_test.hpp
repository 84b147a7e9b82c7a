// The stores that can be copied as a whole. A new one joins by one line in archive_kinds().
#pragma once

#include "services/store_archive.hpp"
#include "store_under_test.hpp"

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

namespace parley::test {

/// One store, which is served or archived, never both at once: what was opened must go before it is opened
/// again.
class archive_under_test {
public:
    archive_under_test() = default;
    archive_under_test(archive_under_test const&) = delete;
    archive_under_test& operator=(archive_under_test const&) = delete;
    virtual ~archive_under_test() = default;

    [[nodiscard]] virtual result<std::unique_ptr<store_under_test>> serve() = 0;
    [[nodiscard]] virtual result<std::unique_ptr<store_archive>> archive(bool to_fill) = 0;
};

struct archive_kind {
    std::string name;
    bool can_refuse;  // to be served, or taken as a source, while it is incomplete or absent
    std::function<std::unique_ptr<archive_under_test>()> make;  // nothing is there yet
};

inline void PrintTo(archive_kind const& kind, std::ostream* out) { *out << kind.name; }

[[nodiscard]] std::vector<archive_kind> archive_kinds();

}  // namespace parley::test
