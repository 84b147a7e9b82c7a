// One request to an upstream and its answer, over a kept or a fresh connection.
// Thread safety: one event loop. Ownership: of the coroutine that runs it.
#pragma once

#include "adapters/upstream/connection_pool.hpp"
#include "adapters/upstream/http_answer.hpp"
#include "adapters/upstream/lifeline.hpp"
#include "adapters/upstream/upstream_client.hpp"
#include "common/error.hpp"
#include "common/task.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace parley::upstream {

class exchange {
public:
    exchange(std::shared_ptr<upstream> server, boost::asio::any_io_executor executor,
             std::shared_ptr<lifeline> life);
    ~exchange();
    exchange(exchange const&) = delete;
    exchange& operator=(exchange const&) = delete;

    /// Sends the request and reads the answer's header. A kept connection that dies before it has answered
    /// anything is replaced once by a fresh one. connect_timeout holds until the connection stands,
    /// `patience` from then on; `on_sent` is called when the request is on its way. Errors: unavailable
    /// (upstream_unreachable, upstream_invalid_answer), overloaded (upstream_busy), timed_out
    /// (upstream_timeout).
    [[nodiscard]] task<result<void>> begin(std::string request, std::chrono::milliseconds patience,
                                           std::function<void()> on_sent);

    [[nodiscard]] http_answer const& answer() const { return *answer_; }

    enum class progress { more, whole, lost };

    /// Waits for bytes; what they add to the body is in body() until the next call.
    [[nodiscard]] task<progress> read_more();
    /// After begin() what came with the header.
    [[nodiscard]] std::string_view body() const { return body_; }

    /// The lifeline closes the connection again, after it has interrupted something else.
    void guard_connection();

    /// At most so many bytes of the body; what has come when the connection or the lifeline ends.
    [[nodiscard]] task<std::string> read_body(std::size_t most);

    /// The connection waits for another request, if the answer left it usable.
    void keep_connection();

private:
    [[nodiscard]] task<result<bool>> connect(bool kept);
    [[nodiscard]] task<result<void>> ask(std::string_view request, std::function<void()> const& on_sent);

    std::shared_ptr<upstream> const server_;
    boost::asio::any_io_executor const executor_;
    std::shared_ptr<lifeline> const life_;
    std::unique_ptr<connection_pool::lease> place_;
    std::optional<http_answer> answer_;
    std::string_view body_;
    bool heard_ = false;  // something has come over this connection
    std::chrono::milliseconds patience_{};
    std::array<char, 2048> bytes_;  // there are as many as streams; a piece of an answer is hardly larger
};

/// What is wrong with an answer before its body is read: its encoding.
[[nodiscard]] std::optional<error> problem_of(http_answer const& answer, failures const& words);

}  // namespace parley::upstream
