#include "modules/transfer/archive_stream.hpp"

namespace parley {

result<std::optional<archive_item<user_id>>> user_stream::next() {
    if (at_ == page_.size() && !ended_) {
        auto page = from_.users_after(last_);
        if (!page) return std::unexpected(page.error());
        page_ = std::move(*page);
        at_ = 0;
        ended_ = page_.empty();
        if (!ended_) last_ = page_.back().value.user_id;
    }
    if (ended_) return std::optional<archive_item<user_id>>{};
    auto const& one = page_[at_++];
    content_hash hash;
    hash.add(one);
    return archive_item<user_id>{one.value.user_id, 0, hash.finish()};
}

result<std::optional<archive_item<usage_key>>> usage_stream::next() {
    if (at_ == page_.size() && !ended_) {
        auto page = from_.usage_after(last_);
        if (!page) return std::unexpected(page.error());
        page_ = std::move(*page);
        at_ = 0;
        ended_ = page_.empty();
        if (!ended_) last_ = key_of(page_.back());
    }
    if (ended_) return std::optional<archive_item<usage_key>>{};
    auto const& one = page_[at_++];
    content_hash hash;
    hash.add(one);
    return archive_item<usage_key>{key_of(one), 0, hash.finish()};
}

result<conversation_part const*> conversation_stream::next_part() {
    if (at_ == batch_.size() && !ended_) {
        auto batch = from_.conversations_after(last_);
        if (!batch) return std::unexpected(batch.error());
        batch_ = std::move(*batch);
        at_ = 0;
        ended_ = batch_.empty();
        if (!ended_) last_ = position_behind(batch_.back());
    }
    return ended_ ? nullptr : &batch_[at_++];
}

result<std::optional<archive_item<interaction_id>>> conversation_stream::next() {
    std::optional<archive_item<interaction_id>> out;
    content_hash hash;
    for (bool more = true; more;) {
        auto const part = next_part();
        if (!part) return std::unexpected(part.error());
        if (*part == nullptr) break;
        if (!out) {
            out.emplace((*part)->interaction.value.interaction_id);
            hash.add((*part)->interaction);
        }
        for (auto const& one : (*part)->messages) hash.add(one);
        out->messages += static_cast<std::int64_t>((*part)->messages.size());
        more = !(*part)->is_last;
    }
    if (out) out->digest = hash.finish();
    return out;
}

}  // namespace parley
