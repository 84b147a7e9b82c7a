// Keys of an entry of "models".
#include "common/config_keys.hpp"
#include "common/config_rules.hpp"

#include <array>

namespace parley {
namespace {

using namespace config_rules;
using key = config_key<model_config>;

constexpr std::array<std::string_view, 4> model_kinds{"llama", "upstream", "route", "scripted"};
constexpr std::array<std::string_view, 2> load_times{"at_start", "on_demand"};
constexpr std::array<std::string_view, 3> abilities{"tools", "structured_output", "images"};
constexpr double largest_window = 16'777'216.0;
constexpr double most_parallel = 100'000.0;
constexpr double most_waiting = 1'000'000.0;
constexpr double highest_price = 10'000.0;  // costs of a year must stay whole numbers of 64 bits

constexpr std::string_view llama = "llama";
constexpr std::string_view upstream = "upstream";
constexpr std::string_view route = "route";
constexpr std::string_view embedded = "llama scripted";
constexpr std::string_view all_but_routes = "llama upstream scripted";

constexpr std::array keys_of_a_model{
    key{"name", text(1, longest_name), "what `settings.model_name` says; required, unique",
        [](model_config& m) -> config_slot { return &m.name; }},
    key{"kind", one_of(model_kinds),
        "`llama`: a GGUF file in this process; `upstream`: run by another server; `route`: other models, in "
        "order; `scripted`: for tests",
        [](model_config& m) -> config_slot { return &m.kind; }},
    key{"path", file_path, "the GGUF file; required", [](model_config& m) -> config_slot { return &m.path; },
        llama},
    key{"load", one_of(load_times), "with the server, or when somebody asks for it (`model_memory`)",
        [](model_config& m) -> config_slot { return &m.load; }, llama},
    key{"upstream", text(1, longest_name), "name out of `upstreams`; required",
        [](model_config& m) -> config_slot { return &m.upstream; }, upstream},
    key{"remote_name", text(0, longest_name), "what the model is called there; empty: like `name`",
        [](model_config& m) -> config_slot { return &m.remote_name; }, upstream},
    key{"abilities", any_of(abilities), "what the model can do beyond text; the rest is refused",
        [](model_config& m) -> config_slot { return &m.abilities; }, upstream},
    key{"targets", texts(1, longest_name),
        "names out of `models`, in the order in which they are tried; required",
        [](model_config& m) -> config_slot { return &m.targets; }, route},
    key{"weights", texts(1, 4),
        "how first tries are shared out among the targets: whole numbers from 0 to 1000, of those without "
        "one "
        "0; none: always the first",
        [](model_config& m) -> config_slot { return &m.weights; }, route},
    key{"hedge_after", lasting(0, hour),
        "the next target is asked, too, when no token has come for so long; the faster one is read on, both "
        "are paid; 0: never",
        [](model_config& m) -> config_slot { return &m.hedge_after; }, route},
    key{"breaker_failures", whole(1, 1000), "so many in a row, and it is left alone for `breaker_open`",
        [](model_config& m) -> config_slot { return &m.breaker_failures; }, upstream},
    key{"breaker_open", lasting(1, hour), "then one request tries it",
        [](model_config& m) -> config_slot { return &m.breaker_open; }, upstream},
    key{"price_input", number(0, highest_price),
        "of a million tokens, in `currency`, with at most 6 decimals; all three 0: no price",
        [](model_config& m) -> config_slot { return &m.price_input; }, all_but_routes},
    key{"price_cached_input", number(0, highest_price),
        "of a million tokens that had not to be read again; like `price_input` when left out",
        [](model_config& m) -> config_slot { return &m.price_cached_input; }, all_but_routes},
    key{"price_output", number(0, highest_price), "of a million tokens written",
        [](model_config& m) -> config_slot { return &m.price_output; }, all_but_routes},
    key{"context_window", whole(0, largest_window),
        "tokens of one chat, prompt and reply together, at least 64; `upstream`: 0, and 0 when left out, is "
        "unknown",
        [](model_config& m) -> config_slot { return &m.context_window; }, all_but_routes},
    key{"parallel", whole(1, most_parallel),
        "chats decoded at once, `llama`: at most 256; `upstream`: requests at once, 64 when left out",
        [](model_config& m) -> config_slot { return &m.parallel; }, all_but_routes},
    key{"threads", whole(0, 1024), "computing threads; 0: one per core",
        [](model_config& m) -> config_slot { return &m.threads; }, embedded},
    key{"max_waiting", whole(0, most_waiting),
        "generations accepted beyond those that run; `upstream`: 256 when left out",
        [](model_config& m) -> config_slot { return &m.max_waiting; }, all_but_routes},
    key{"chat_template",
        {config_type::block_text, 1, mebibyte},
        "a Jinja template instead of the file's own",
        [](model_config& m) -> config_slot { return &m.chat_template; },
        embedded},
    key{"default_max_output_tokens", whole(1, 131'072),
        "when `settings` says nothing; to another server only where its dialect demands a number "
        "(`anthropic`)",
        [](model_config& m) -> config_slot { return &m.default_max_output_tokens; }, all_but_routes},
    key{"default_temperature", number(0, 2), "when `settings` says nothing",
        [](model_config& m) -> config_slot { return &m.default_temperature; }, embedded},
    key{"default_top_p", number(0.000001, 1), "when `settings` says nothing",
        [](model_config& m) -> config_slot { return &m.default_top_p; }, embedded},
};

}  // namespace

std::span<config_key<model_config> const> model_keys() { return keys_of_a_model; }

}  // namespace parley
