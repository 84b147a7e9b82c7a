#include "adapters/http/native/trace.hpp"

#include <algorithm>
#include <string_view>

namespace parley::http {
namespace {

bool is_hex(std::string_view text, std::size_t size) {
    return text.size() == size &&
           std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool is_zero(std::string_view text) { return text.find_first_not_of('0') == std::string_view::npos; }

/// 00-<32 hex>-<16 hex>-<2 hex>, neither id all zeros. Later versions may be longer, and begin like this.
bool is_traceparent(std::string_view text) {
    constexpr std::size_t size = 55;
    if (text.size() < size || text[2] != '-' || text[35] != '-' || text[52] != '-') return false;
    auto const version = text.substr(0, 2);
    auto const trace = text.substr(3, 32);
    auto const parent = text.substr(36, 16);
    if (!is_hex(version, 2) || version == "ff") return false;
    if (version == "00" ? text.size() != size : text.size() > size && text[size] != '-') return false;
    return is_hex(trace, 32) && !is_zero(trace) && is_hex(parent, 16) && !is_zero(parent) &&
           is_hex(text.substr(53, 2), 2);
}

}  // namespace

trace_context trace_of(request const& call) {
    trace_context trace;
    trace.request_id = call.request_id;
    auto const parent = call.header("traceparent");
    if (parent && is_traceparent(*parent)) trace.traceparent = parent->substr(0, 55);
    return trace;
}

}  // namespace parley::http
