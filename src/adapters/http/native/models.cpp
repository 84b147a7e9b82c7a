#include "adapters/http/native/models.hpp"

#include "adapters/http/wire/json_writer.hpp"
#include "adapters/http/wire/money.hpp"

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace parley::http {
namespace {

std::string_view word_of(breaker_state state) {
    switch (state) {
        case breaker_state::closed:
            return "closed";
        case breaker_state::open:
            return "open";
        case breaker_state::half_open:
            return "half_open";
    }
    return "closed";
}

void write(json_writer& out, model_abilities const& can) {
    out.begin_object();
    out.member("tools", can.tools);
    out.member("structured_output", can.structured_output);
    out.member("images", can.images);
    out.end_object();
}

/// Of a million tokens. A price counts in 1e-12 of the currency for one token.
void write(json_writer& out, std::optional<token_price> const& price) {
    constexpr std::int64_t million = 1'000'000;
    if (!price) return out.null();
    out.begin_object();
    out.key("input");
    out.raw(decimal_of_picos(price->input * million));
    out.key("cached_input");
    out.raw(decimal_of_picos(price->cached_input * million));
    out.key("output");
    out.raw(decimal_of_picos(price->output * million));
    out.end_object();
}

void write(json_writer& out, std::vector<target_info> const& targets) {
    out.begin_array();
    for (auto const& one : targets) {
        out.begin_object();
        out.member("name", one.name);
        out.member("state", to_text(one.state));
        out.member("breaker", word_of(one.breaker));
        out.member("running", static_cast<std::int64_t>(one.running));
        out.end_object();
    }
    out.end_array();
}

void write(json_writer& out, model_info const& info, bool is_default) {
    out.begin_object();
    out.member("name", info.name);
    out.member("kind", info.kind);
    out.member("state", to_text(info.state));
    out.member("problem", info.problem.empty() ? std::nullopt : std::optional{info.problem});
    out.member("context_window", info.context_window);
    out.member("default", is_default);
    out.member("description", info.description);
    out.key("abilities");
    write(out, info.abilities);
    out.key("price");
    write(out, info.price);
    out.key("targets");
    write(out, info.targets);
    out.end_object();
}

}  // namespace

std::string_view to_text(model_state state) {
    switch (state) {
        case model_state::unloaded:
            return "unloaded";
        case model_state::loading:
            return "loading";
        case model_state::ready:
            return "ready";
        case model_state::failed:
            return "failed";
    }
    return "failed";
}

task<result<response>> list_models::answer(request& call) {
    if (auto ok = no_query(call); !ok) co_return std::unexpected(ok.error());
    std::string body;
    json_writer out{body};
    out.begin_object();
    out.member("currency", api().currency);
    out.key("data");
    out.begin_array();
    for (auto const* const model : api().models.all()) {
        auto const info = model->info();
        write(out, info, api().models.is_default(info.name));
    }
    out.end_array();
    out.end_object();
    co_return json_response(200, std::move(body));
}

}  // namespace parley::http
