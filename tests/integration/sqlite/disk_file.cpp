#include "disk_file.hpp"

#include <algorithm>

namespace parley::test {
namespace {

constexpr std::size_t sector = 512;

void put(std::string& bytes, std::size_t offset, std::string_view data) {
    if (bytes.size() < offset + data.size()) bytes.resize(offset + data.size());
    std::ranges::copy(data, bytes.begin() + static_cast<std::ptrdiff_t>(offset));
}

void apply(std::string& bytes, disk_change const& change) {
    if (change.truncates) {
        bytes.resize(std::min(bytes.size(), change.offset));
    } else {
        put(bytes, change.offset, change.data);
    }
}

/// Each sector of a write reaches the platter or not.
void apply_torn(std::string& bytes, disk_change const& change, std::mt19937_64& chance) {
    std::bernoulli_distribution kept(0.5);
    if (change.truncates) {
        if (kept(chance)) apply(bytes, change);
        return;
    }
    for (std::size_t at = 0; at < change.data.size();) {
        auto const end =
            std::min(change.data.size(), ((change.offset + at) / sector + 1) * sector - change.offset);
        if (kept(chance)) put(bytes, change.offset + at, std::string_view{change.data}.substr(at, end - at));
        at = end;
    }
}

}  // namespace

void simulated_disk::file::write(std::size_t offset, std::string_view data) {
    put(seen, offset, data);
    unsynced.push_back({offset, std::string{data}, false});
}

void simulated_disk::file::truncate(std::size_t size) {
    seen.resize(std::min(seen.size(), size));
    unsynced.push_back({size, {}, true});
}

void simulated_disk::file::sync() {
    for (auto const& change : unsynced) apply(platter, change);
    unsynced.clear();
    on_platter = true;
}

void simulated_disk::file::settle(std::mt19937_64* chance) {
    // Half the time whole, half the time torn: both must be survived, and whole writes get further.
    bool const torn = chance != nullptr && std::bernoulli_distribution(0.5)(*chance);
    for (auto const& change : unsynced) {
        if (chance == nullptr) continue;
        if (torn) {
            apply_torn(platter, change, *chance);
        } else if (std::bernoulli_distribution(0.5)(*chance)) {
            apply(platter, change);
        }
    }
    if (chance != nullptr && std::bernoulli_distribution(0.5)(*chance)) on_platter = true;
    unsynced.clear();
}

}  // namespace parley::test
