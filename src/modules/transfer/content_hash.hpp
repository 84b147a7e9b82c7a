// SHA-256 over what a store holds, in a form that does not depend on the store: equal hashes mean that every
// field is equal, but for the time at which a key was used last. Thread safety: one object belongs to one
// caller.
#pragma once

#include "common/sha256.hpp"
#include "services/store_archive.hpp"

#include <string>

namespace parley {

class content_hash {
public:
    void add(user_record const& value);
    void add(interaction_record const& value);
    void add(message const& value);
    void add(usage_record const& value);
    void add(sha256_digest const& value);

    /// Once, after the last.
    [[nodiscard]] sha256_digest finish();

private:
    void flush_if_large();

    std::string buffer_;
    sha256_stream hash_;
};

}  // namespace parley
