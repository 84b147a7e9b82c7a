#include "adapters/http/native/models.hpp"

#include "adapters/http/wire/json_writer.hpp"

#include <utility>

namespace parley::http {
namespace {

void write(json_writer& out, model_info const& info, bool is_default) {
    out.begin_object();
    out.member("name", info.name);
    out.member("kind", info.kind);
    out.member("state", to_text(info.state));
    out.member("problem", info.problem.empty() ? std::nullopt : std::optional{info.problem});
    out.member("context_window", info.context_window);
    out.member("default", is_default);
    out.member("description", info.description);
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
