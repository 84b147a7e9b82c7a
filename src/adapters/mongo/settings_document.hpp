// The settings of an interaction as a document: members that have their default are absent.
#pragma once

#include "adapters/mongo/document.hpp"
#include "entities/settings.hpp"

namespace parley::mongo {

[[nodiscard]] settings read_settings(bson_t const& from);
[[nodiscard]] document to_document(settings const& value);

}  // namespace parley::mongo
