#include "adapters/upstream/tls.hpp"

#include <openssl/ssl.h>

namespace parley::upstream {

result<std::shared_ptr<boost::asio::ssl::context>> make_tls_context(std::filesystem::path const& ca_file) {
    namespace ssl = boost::asio::ssl;
    auto context = std::make_shared<ssl::context>(ssl::context::tls_client);
    boost::system::error_code failed;
    if (ca_file.empty()) {
        context->set_default_verify_paths(failed);
    } else {
        context->load_verify_file(ca_file.string(), failed);
    }
    if (failed) {
        return fail(error_kind::invalid, "upstream_config_invalid",
                    "The authorities for TLS can not be read from " +
                        (ca_file.empty() ? std::string{"the system"} : "\"" + ca_file.string() + "\"") + ".",
                    "ca_file", failed.message());
    }
    context->set_verify_mode(ssl::verify_peer);
    SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
    // A kept or a slow connection holds no buffers that it does not use now.
    SSL_CTX_set_mode(context->native_handle(), SSL_MODE_RELEASE_BUFFERS);
    return context;
}

}  // namespace parley::upstream
