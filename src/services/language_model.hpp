// The port to whatever writes replies: an embedded model, a remote one, or the scripted one of the tests.
//
// Thread safety: language_model may be used from any event loop. A generation belongs to one coroutine,
// except stop(), which any thread may call.
#pragma once

#include "common/error.hpp"
#include "common/id.hpp"
#include "common/task.hpp"
#include "entities/cost.hpp"
#include "entities/message.hpp"
#include "entities/settings.hpp"
#include "entities/tools.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace parley {

/// One message as a model reads it. `role` is the word for the wire or the template: system, developer, user,
/// assistant, tool.
struct prompt_message {
    std::string role;
    std::string content;  // all of its text
    // Text and images in their order, where there is an image; the text in them is `content`.
    content_parts parts{};
    std::vector<tool_call> tool_calls{};  // of an assistant; each is answered by a tool message behind it
    std::string tool_call_id{};           // of a tool
    bool operator==(prompt_message const&) const = default;
};

/// What goes along with a request to another server, so that both sides' logs can be put together.
struct trace_context {
    std::string traceparent;  // W3C Trace Context of this work; empty: there is none
    std::string request_id;   // of the HTTP request that asked; empty: nobody's
};

struct generation_request {
    // Whose kept state (KV cache) may be continued: never another user's or interaction's.
    parley::user_id user_id;
    parley::interaction_id interaction_id;
    std::vector<prompt_message> prompt;
    std::optional<double> temperature;
    std::optional<double> top_p;
    std::optional<std::int64_t> max_output_tokens;
    std::vector<std::string> stop;
    std::optional<std::int64_t> seed;
    std::vector<tool_definition> tools{};
    std::optional<std::string> tool_choice{};  // auto, none, required, or a tool's name
    std::optional<parley::response_format> response_format{};
    trace_context trace{};
};

/// Text that has come since the last event; valid UTF-8, never empty.
struct generation_delta {
    std::string text;
};

/// What the model thinks before it answers: no part of the answer. Valid UTF-8, never empty.
struct generation_reasoning {
    std::string text;
};

/// The last event. With `failure` set the model broke off; usage and timings tell how far it came.
struct generation_end {
    parley::finish_reason finish_reason = parley::finish_reason::stop;
    token_usage usage;  // of a route: of all that were asked, those that did not reply included
    std::chrono::milliseconds queued{};                            // from start() until the prompt was begun
    std::optional<std::chrono::milliseconds> time_to_first_token;  // from start()
    std::chrono::milliseconds decoding{};                          // from the first token to the last
    bool stopped = false;                                          // stop() came before the natural end
    std::vector<tool_call> tool_calls{};  // whole ones only; in a failure's or stop's end, none
    std::vector<attempt> attempts{};      // of a route; empty for a single embedded model
    // Another target may be asked when nothing of the reply has come yet and the failure's kind is
    // unavailable, overloaded, rate_limited or timed_out.
    std::optional<error> failure;
    std::optional<std::chrono::milliseconds> retry_after{};  // the failing server's own word
};

/// Nothing within the wait that was asked for.
struct generation_idle {};

/// The model is not in memory yet, and more of it is than before. Only before anything of the reply.
struct generation_loading {
    std::string model;  // its name: of a route, the target's
    double share = 0;   // 0–1
};

using generation_event =
    std::variant<generation_delta, generation_reasoning, generation_loading, generation_end, generation_idle>;

/// A running generation. Destroying it stops the work.
class generation {
public:
    generation() = default;
    generation(generation const&) = delete;
    generation& operator=(generation const&) = delete;
    virtual ~generation() = default;

    /// All text that has come since the last call, or the end. After generation_end it must not be called
    /// again. Text that came before the end is always delivered before generation_end.
    [[nodiscard]] virtual task<generation_event> next(std::chrono::milliseconds longest) = 0;

    /// Ends it within one decoding batch; next() then delivers what was generated and
    /// generation_end{stopped}.
    virtual void stop() noexcept = 0;
};

/// unloaded: it will be loaded when somebody asks for it.
enum class model_state { unloaded, loading, ready, failed };

struct model_abilities {
    bool tools = false;
    bool structured_output = false;  // response_format
    bool images = false;
    bool operator==(model_abilities const&) const = default;
};

/// Whether a target of a route is asked: closed yes, open no, half_open: one try is under way.
enum class breaker_state { closed, open, half_open };

struct target_info {
    std::string name;
    model_state state = model_state::ready;
    breaker_state breaker = breaker_state::closed;
    std::size_t running = 0;
};

struct model_info {
    std::string name;  // what settings.model_name says
    std::string kind;  // "llama", "scripted", …
    model_state state = model_state::ready;
    std::string problem;              // why it failed, for people; empty otherwise
    std::int64_t context_window = 0;  // tokens of prompt and reply together
    std::string description;          // e.g. the GGUF's own name and quantisation
    std::size_t running = 0;          // generations now decoding
    std::size_t waiting = 0;          // accepted and not yet begun
    std::size_t parallel = 1;         // decoded at once at most
    std::size_t max_waiting = 0;      // accepted beyond those; then start() answers queue_full
    // Is loaded when somebody asks: start() and prepare() work in the states unloaded and loading, too.
    bool on_demand = false;
    model_abilities abilities{};
    std::optional<token_price> price{};
    std::vector<target_info> targets{};  // of a route, in its order
};

class language_model {
public:
    language_model() = default;
    language_model(language_model const&) = delete;
    language_model& operator=(language_model const&) = delete;
    virtual ~language_model() = default;

    /// A snapshot.
    [[nodiscard]] virtual model_info info() const = 0;

    /// Returns when the model is in memory; at once for all that need not be loaded. `progress` is told, on
    /// the caller's executor, which share (0–1) is loaded. Errors: unavailable (model_failed); overloaded
    /// (model_memory_full) when others that are in use leave no room for it.
    [[nodiscard]] virtual task<result<void>> prepare(std::function<void(double)> /*progress*/) {
        co_return result<void>{};
    }

    /// Tokens that a model reads for such a request: prompt and tools with its template, the opening of the
    /// reply included; an estimate when they are far more than the context window, and where another server
    /// counts. Of a route: the most that one of its targets reads. Errors: unavailable (model_loading,
    /// model_failed); invalid (template_failed).
    [[nodiscard]] virtual task<result<std::int64_t>> count_tokens(generation_request request) = 0;

    /// Queues the work and returns at once; the generation's events arrive on `executor`, which must be
    /// single-threaded. Errors: unavailable (model_loading, model_failed); overloaded (queue_full). A prompt
    /// that leaves no room for a reply comes back as generation_end with failure context_length_exceeded.
    [[nodiscard]] virtual result<std::unique_ptr<generation>> start(
        generation_request request, boost::asio::any_io_executor executor) = 0;
};

}  // namespace parley
