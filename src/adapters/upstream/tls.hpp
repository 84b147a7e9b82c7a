// TLS towards upstreams. Thread safety: pure functions; the context they make may be shared by all threads.
#pragma once

#include "common/error.hpp"

#include <boost/asio/ssl/context.hpp>

#include <filesystem>
#include <memory>

namespace parley::upstream {

/// TLS 1.2 and up; the other side's certificate must be signed by one of the authorities in the file, or by
/// one of the system's when it is empty. Errors: invalid (upstream_config_invalid, param ca_file).
[[nodiscard]] result<std::shared_ptr<boost::asio::ssl::context>> make_tls_context(
    std::filesystem::path const& ca_file);

}  // namespace parley::upstream
