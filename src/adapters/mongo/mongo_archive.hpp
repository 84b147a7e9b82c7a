// A MongoDB store as store_archive. Thread safety and errors: as the port.
#pragma once

#include "common/config.hpp"
#include "services/store_archive.hpp"

#include <memory>

namespace parley {

/// `to_fill`: an empty database is made a store; otherwise it must be one, and complete. Errors, each with a
/// sentence for the operator: as open_mongo_store; store_absent; store_incomplete.
[[nodiscard]] result<std::unique_ptr<store_archive>> open_mongo_archive(store_config const& settings,
                                                                        bool to_fill);

}  // namespace parley
