// Reads an archive item by item, with the hash of each. Thread safety and errors: as store_archive.
// Ownership: borrows the archive.
#pragma once

#include "modules/transfer/content_hash.hpp"
#include "services/store_archive.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace parley {

/// A user or a day's usage with its hash, or an interaction with that of all that hangs on it.
template <class Id>
struct archive_item {
    Id key;
    std::int64_t messages = 0;
    sha256_digest digest{};
};

class user_stream {
public:
    using id_type = user_id;
    explicit user_stream(store_archive& from) : from_(from) {}

    /// Nothing at the end.
    [[nodiscard]] result<std::optional<archive_item<user_id>>> next();

private:
    store_archive& from_;
    std::vector<user_record> page_;
    std::size_t at_ = 0;
    user_id last_;
    bool ended_ = false;
};

class usage_stream {
public:
    using id_type = usage_key;
    explicit usage_stream(store_archive& from) : from_(from) {}

    /// Nothing at the end.
    [[nodiscard]] result<std::optional<archive_item<usage_key>>> next();

private:
    store_archive& from_;
    std::vector<usage_record> page_;
    std::size_t at_ = 0;
    std::optional<usage_key> last_;
    bool ended_ = false;
};

class conversation_stream {
public:
    using id_type = interaction_id;
    explicit conversation_stream(store_archive& from) : from_(from) {}

    /// Nothing at the end.
    [[nodiscard]] result<std::optional<archive_item<interaction_id>>> next();

private:
    [[nodiscard]] result<conversation_part const*> next_part();

    store_archive& from_;
    std::vector<conversation_part> batch_;
    std::size_t at_ = 0;
    archive_position last_;
    bool ended_ = false;
};

}  // namespace parley
