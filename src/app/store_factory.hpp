// From configuration to the stores.
#pragma once

#include "common/config.hpp"
#include "common/error.hpp"
#include "services/conversation_store.hpp"
#include "services/identity_store.hpp"
#include "services/metrics.hpp"
#include "services/request_store.hpp"
#include "services/store_archive.hpp"
#include "services/usage_store.hpp"

#include <memory>
#include <string>

namespace parley {

/// What the server keeps things in. Ownership: of whoever it is made for. Thread safety: close() once, from a
/// thread that is no event loop; the stores as their ports say.
class opened_store {
public:
    opened_store() = default;
    opened_store(opened_store const&) = delete;
    opened_store& operator=(opened_store const&) = delete;
    virtual ~opened_store() = default;

    [[nodiscard]] virtual conversation_store& conversations() = 0;
    [[nodiscard]] virtual identity_store& identities() = 0;
    [[nodiscard]] virtual request_store& requests() = 0;
    [[nodiscard]] virtual usage_store& usage() = 0;
    /// Ends what runs; later calls fail with store_unavailable.
    virtual void close() = 0;
};

/// `seen` must outlive it. Errors: a sentence that says what to do.
[[nodiscard]] result<std::unique_ptr<opened_store>> open_store(store_config const& settings, metrics& seen);

/// The same store for copying; `to_fill`: it is to become a copy. Errors: a sentence that says what to do.
[[nodiscard]] result<std::unique_ptr<store_archive>> open_archive(store_config const& settings, bool to_fill);

/// Whether both name one store, as far as their settings tell.
[[nodiscard]] bool is_same_store(store_config const& one, store_config const& other);

/// Whether other processes may use the same store.
[[nodiscard]] bool is_shared(store_config const& settings);

/// Whether it would have to be made first. Of a database that others run, nobody knows before it is opened.
[[nodiscard]] bool is_absent(store_config const& settings);

/// Which store it is, for messages: "The store in /data", "The database \"parley\"".
[[nodiscard]] std::string name_of_store(store_config const& settings);

}  // namespace parley
