#include "adapters/redis/dial.hpp"

#include "adapters/redis/greeting.hpp"

#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>

#include <charconv>
#include <utility>

namespace parley::redis {
namespace {

namespace asio = boost::asio;

/// Closes a line that nobody took over.
class line_guard {
public:
    explicit line_guard(std::shared_ptr<link> line) : line_(std::move(line)) {}
    ~line_guard() {
        if (line_)
            line_->close({error_kind::unavailable, "redis_closed", "The connection was given up.", {}, {}});
    }
    line_guard(line_guard const&) = delete;
    line_guard& operator=(line_guard const&) = delete;
    [[nodiscard]] std::shared_ptr<link> const& get() const { return line_; }
    [[nodiscard]] std::shared_ptr<link> release() { return std::exchange(line_, nullptr); }

private:
    std::shared_ptr<link> line_;
};

task<result<std::shared_ptr<link>>> connect(endpoint to, options const& how, std::weak_ptr<link>& latest) {
    std::shared_ptr<asio::ssl::context> tls;
    if (how.where.tls) {
        auto made = make_tls_context(how);
        if (!made) co_return std::unexpected(made.error());
        tls = std::move(*made);
    }
    auto stream = co_await open_stream(to, std::move(tls), how.connect_timeout);
    if (!stream) co_return std::unexpected(stream.error());
    auto const executor = co_await asio::this_coro::executor;
    auto line = std::make_shared<link>(executor, std::move(*stream), how);
    latest = line;
    line->start();
    co_return line;
}

result<endpoint> read_master(answer const& said, std::string const& sentinel, std::string const& master) {
    auto const useless = [&](std::string_view why) {
        return fail(
            error_kind::unavailable, "redis_sentinel",
            fmt::format("The sentinel at {} does not tell where \"{}\" is: {}.", sentinel, master, why));
    };
    if (!said) return useless(said.error().message);
    if (said->is_error()) return useless(said->text);
    if (said->is_nil()) return useless("it watches no master of this name");
    if (said->items.size() != 2) return useless("its answer is of another form");
    endpoint out{.host = said->items[0].text, .port = 0};
    auto const& port = said->items[1].text;
    auto const [end, failed] = std::from_chars(port.data(), port.data() + port.size(), out.port);
    if (failed != std::errc{} || end != port.data() + port.size()) return useless("its answer has no port");
    return out;
}

task<result<endpoint>> ask_sentinel(endpoint sentinel, options const& how, std::weak_ptr<link>& latest) {
    auto connected = co_await connect(sentinel, how, latest);
    if (!connected) co_return std::unexpected(connected.error());
    line_guard const line{std::move(*connected)};
    auto const welcome = co_await authenticate(line.get(), sentinel, how.where.sentinel_user,
                                               how.where.sentinel_password, how.connect_timeout);
    if (!welcome) co_return std::unexpected(welcome.error());
    auto question = format_command({"SENTINEL", "get-master-addr-by-name", how.where.master});
    auto const said = co_await line.get()->ask(std::move(question), how.connect_timeout);
    co_return read_master(said, to_text(sentinel), how.where.master);
}

task<result<endpoint>> find_master(options const& how, std::weak_ptr<link>& latest) {
    error last;
    for (auto const& sentinel : how.where.nodes) {
        auto found = co_await ask_sentinel(sentinel, how, latest);
        if (found) co_return found;
        last = std::move(found.error());
    }
    co_return std::unexpected(std::move(last));
}

}  // namespace

task<result<dialled>> dial(options const& how, std::weak_ptr<link>& latest) {
    auto where = how.where.nodes.front();
    if (!how.where.master.empty()) {
        auto found = co_await find_master(how, latest);
        if (!found) co_return std::unexpected(found.error());
        where = std::move(*found);
    }
    auto connected = co_await connect(where, how, latest);
    if (!connected) co_return std::unexpected(connected.error());
    line_guard line{std::move(*connected)};
    auto identity = co_await greet(line.get(), where, how);
    if (!identity) co_return std::unexpected(identity.error());
    co_return dialled{line.release(), std::move(where), std::move(*identity)};
}

}  // namespace parley::redis
