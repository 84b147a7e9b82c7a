#include "modules/transform/mask.hpp"

#include "modules/transform/email_addresses.hpp"
#include "modules/transform/number_run.hpp"
#include "modules/transform/payment_cards.hpp"
#include "modules/transform/phone_numbers.hpp"

#include <algorithm>
#include <iterator>

namespace parley {
namespace {

bool begins_before(found_text const& a, found_text const& b) { return a.begin < b.begin; }

/// Adds those that stand over none of `others`; both are in the order of the text.
void add_beside(found_texts& all, found_texts const& more, found_texts const& others) {
    auto other = others.begin();
    for (auto const& one : more) {
        while (other != others.end() && other->end <= one.begin) ++other;
        if (other == others.end() || other->begin >= one.end) all.push_back(one);
    }
}

}  // namespace

found_texts find_masked(std::string_view text, std::span<masked const> kinds) {
    auto const wanted = [&](masked kind) { return std::ranges::find(kinds, kind) != kinds.end(); };
    auto found = wanted(masked::email) ? find_email_addresses(text) : found_texts{};
    if (!wanted(masked::phone) && !wanted(masked::card)) return found;

    auto const emails = found;
    auto next_email = emails.begin();
    phone_finder phones{text};
    for (auto run = next_number_run(text, 0); !run.groups.empty();
         run = next_number_run(text, run.groups.back().end)) {
        while (next_email != emails.end() && next_email->end <= run.groups.front().begin) ++next_email;
        found_texts beside{next_email, next_email == emails.end() ? next_email : next_email + 1};
        auto const cards = find_payment_cards(text, run);
        if (wanted(masked::card)) add_beside(found, cards, beside);
        beside.insert(beside.end(), cards.begin(), cards.end());
        std::ranges::sort(beside, begins_before);
        if (wanted(masked::phone)) std::ranges::copy(phones.in(run, beside), std::back_inserter(found));
    }
    std::ranges::sort(found, begins_before);
    return found;
}

std::string mask_text(std::string_view text, std::span<masked const> kinds) {
    std::string out;
    out.reserve(text.size());
    std::size_t from = 0;
    for (auto const& one : find_masked(text, kinds)) {
        out += text.substr(from, one.begin - from);
        out += "[";
        out += to_text(one.kind);
        out += "]";
        from = one.end;
    }
    return out += text.substr(from);
}

}  // namespace parley
