// An event stream that ends when its reader may read no more: a key is deleted, a token expires, a user goes;
// or when for a second it could not be found out. Looked at before each thing that is sent.
#pragma once

#include "adapters/http/server/exchange.hpp"
#include "modules/identity/authenticator.hpp"

#include <memory>
#include <string>

namespace parley::http {

class watched_stream final : public event_stream {
public:
    /// `call` is copied as far as it shows who asks. `identity` outlives the stream; `place` may be null.
    watched_stream(std::unique_ptr<event_stream> inner, request const& call, authenticator const& identity,
                   std::unique_ptr<stream_place> place);

    [[nodiscard]] task<void> run(event_sink& sink) override;

private:
    class sink_of_known;

    std::unique_ptr<event_stream> inner_;
    authenticator const& identity_;
    std::unique_ptr<stream_place> place_;
    user_id user_;
    std::optional<std::string> authorization_;
    std::optional<std::string> user_header_;
    boost::asio::ip::address peer_;
};

}  // namespace parley::http
