#include "adapters/http/web/page_pack.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace parley::http {
namespace {

std::string_view take_until(std::string_view& text, char end) {
    auto const at = text.find(end);
    if (at == std::string_view::npos) throw std::logic_error{"the chat page is not packed as it should be"};
    auto const taken = text.substr(0, at);
    text.remove_prefix(at + 1);
    return taken;
}

std::size_t length_of(std::string_view digits) {
    std::size_t length = 0;
    auto const read = std::from_chars(digits.data(), digits.data() + digits.size(), length);
    if (read.ec != std::errc{} || read.ptr != digits.data() + digits.size()) {
        throw std::logic_error{"the chat page is packed without lengths"};
    }
    return length;
}

struct pack_entry {
    std::string_view name;
    std::string_view coding;
    std::size_t length = 0;
};

}  // namespace

std::vector<packed_file> read_pack(std::string_view pack) {
    std::vector<pack_entry> entries;
    for (auto line = take_until(pack, '\n'); !line.empty(); line = take_until(pack, '\n')) {
        auto const name = take_until(line, ' ');
        auto const coding = take_until(line, ' ');
        entries.push_back({name, coding, length_of(line)});
    }
    std::vector<packed_file> out;
    for (auto const& one : entries) {
        if (one.length > pack.size()) throw std::logic_error{"the chat page is cut off"};
        if (out.empty() || out.back().name != one.name) out.push_back({one.name, {}});
        out.back().ways.push_back({one.coding, pack.substr(0, one.length)});
        pack.remove_prefix(one.length);
    }
    auto const has_plain = [](packed_file const& one) {
        return std::ranges::find(one.ways, "identity", &representation::coding) != one.ways.end();
    };
    if (!std::ranges::all_of(out, has_plain))
        throw std::logic_error{"a file of the page lacks its plain form"};
    return out;
}

}  // namespace parley::http
