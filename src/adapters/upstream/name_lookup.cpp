#include "adapters/upstream/name_lookup.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace parley::upstream {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using tcp = asio::ip::tcp;

/// Whoever is tired of waiting leaves it to itself.
struct question {
    explicit question(asio::any_io_executor const& executor) : answered(executor) {}
    asio::steady_timer answered;
    error_code failed = asio::error::operation_aborted;
    name_lookup::endpoints found;
};

}  // namespace

name_lookup::name_lookup(std::string host, std::uint16_t port) : host_(std::move(host)), port_(port) {
    error_code none;
    auto const address = asio::ip::make_address(host_, none);
    if (none) {
        thread_.emplace(1);
    } else {
        literal_.emplace(address, port_);
    }
}

name_lookup::~name_lookup() {
    if (!thread_) return;
    thread_->stop();
    thread_->join();
}

task<std::expected<name_lookup::endpoints, error_code>> name_lookup::ask(asio::any_io_executor executor,
                                                                         std::shared_ptr<lifeline> life) {
    if (literal_) co_return endpoints{*literal_};
    auto const asked = std::make_shared<question>(executor);
    asked->answered.expires_at(asio::steady_timer::time_point::max());
    auto const work = asio::prefer(executor, asio::execution::outstanding_work.tracked);
    asio::post(*thread_,
               [asked, work, host = host_, port = std::to_string(port_), context = thread_->get_executor()] {
                   tcp::resolver resolver{context};
                   error_code failed;
                   auto const results = resolver.resolve(host, port, failed);
                   endpoints found;
                   for (auto const& one : results) found.push_back(one.endpoint());
                   if (!failed && found.empty()) failed = asio::error::host_not_found;
                   asio::post(work, [asked, failed, found = std::move(found)]() mutable {
                       asked->failed = failed;
                       asked->found = std::move(found);
                       asked->answered.cancel();
                   });
               });
    life->interrupt_by([asked] { asked->answered.cancel(); });
    if (life->ended() == lifeline::cause::none)
        co_await asked->answered.async_wait(asio::as_tuple(asio::use_awaitable));
    life->interrupt_by(nullptr);
    if (asked->failed) co_return std::unexpected{asked->failed};
    co_return std::move(asked->found);
}

}  // namespace parley::upstream
