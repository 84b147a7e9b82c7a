#include "adapters/upstream/exchange.hpp"
#include "adapters/upstream/json_members.hpp"
#include "adapters/upstream/upstream_client.hpp"

#include <boost/json/parse.hpp>

#include <functional>
#include <string>
#include <utility>

namespace parley::upstream {
namespace {

constexpr std::size_t largest_list = std::size_t{4} * 1024 * 1024;
constexpr std::size_t largest_error = std::size_t{64} * 1024;

/// {"data": [{"id": "…"}, …]}, in both dialects.
result<std::vector<std::string>> read_list(std::string const& body, failures const& words) {
    boost::json::error_code failed;
    auto const parsed = boost::json::parse(body, failed);
    auto const* const whole = failed ? nullptr : parsed.if_object();
    auto const* const data = whole == nullptr ? nullptr : array_in(*whole, "data");
    if (data == nullptr) return std::unexpected(words.invalid_answer("the list of its models is none"));
    std::vector<std::string> out;
    for (auto const& one : *data) {
        auto const* const model = one.if_object();
        auto const id = model == nullptr ? std::string_view{} : text_in(*model, "id");
        if (!id.empty()) out.emplace_back(id);
    }
    return out;
}

}  // namespace

task<result<std::vector<std::string>>> upstream::list_models(boost::asio::any_io_executor executor) {
    auto const self = shared_from_this();
    auto const life = std::make_shared<lifeline>(executor);
    exchange talk{self, executor, life};
    auto const* const path = settings_.dialect == "anthropic" ? "/models?limit=1000" : "/models";
    auto request = write_request(path, {}, {});
    std::function<void()> const nobody;
    auto const begun = co_await talk.begin(std::move(request), settings_.first_token_timeout, nobody);
    if (!begun) co_return std::unexpected(begun.error());
    auto const status = talk.answer().status();
    auto const body = co_await talk.read_body(status == 200 ? largest_list : largest_error);
    if (life->ended() == lifeline::cause::deadline)
        co_return std::unexpected(words_.too_slow("no whole answer", settings_.first_token_timeout));
    if (status != 200) co_return std::unexpected(words_.of_status(status, body));
    if (auto const problem = problem_of(talk.answer(), words_)) co_return std::unexpected(*problem);
    if (!talk.answer().is_whole())
        co_return std::unexpected(words_.broke_off("the connection ended before the list did"));
    talk.keep_connection();
    co_return read_list(body, words_);
}

}  // namespace parley::upstream
