// Settings as JSON.
#pragma once

#include "common/error.hpp"
#include "entities/settings.hpp"

#include <boost/json/object.hpp>

namespace parley::http {

/// A member that is null takes its default. Errors: unknown_field, invalid_type, invalid_settings.
[[nodiscard]] result<settings_patch> read_settings(boost::json::object const& object);

}  // namespace parley::http
