#include "adapters/http/native/if_match.hpp"

#include "common/ascii.hpp"

#include <charconv>
#include <string>

namespace parley::http {
namespace {

/// The version of a header with just one tag, written as the server writes it.
std::optional<std::int64_t> only_version(std::string_view header) {
    auto const tag = without_blanks(header);
    if (tag.size() < 3 || tag.front() != '"' || tag.back() != '"') return std::nullopt;
    std::int64_t version = 0;
    auto const [end, failed] = std::from_chars(tag.data() + 1, tag.data() + tag.size() - 1, version);
    if (failed != std::errc{} || end != tag.data() + tag.size() - 1) return std::nullopt;
    return tag_listed(tag, version) ? std::optional{version} : std::nullopt;
}

}  // namespace

bool tag_listed(std::string_view header, std::int64_t version) {
    auto const wanted = "\"" + std::to_string(version) + "\"";
    while (!header.empty()) {
        auto const tag = take_member(header);
        if (tag == wanted || tag == "*") return true;
    }
    return false;
}

task<result<std::optional<std::int64_t>>> required_version(request const& call, conversation_store& store,
                                                           user_id user, interaction_id id) {
    auto const header = call.header_list("If-Match");
    if (!header || without_blanks(*header) == "*") co_return std::nullopt;
    // The store compares it with the truth; what is read here may come from a cache.
    if (auto const version = only_version(*header)) co_return version;
    auto const now = co_await store.get_interaction(user, id);
    if (!now) co_return std::unexpected(now.error());
    if (!tag_listed(*header, now->version)) {
        co_return fail(error_kind::precondition_failed, "version_mismatch",
                       "The interaction has version " + std::to_string(now->version) + " by now.");
    }
    co_return now->version;
}

}  // namespace parley::http
