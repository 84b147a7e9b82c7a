#include "modules/transfer/content_hash.hpp"

#include <bit>
#include <concepts>
#include <map>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace parley {
namespace {

constexpr std::size_t large = 16 * 1024;

/// Every value with its length or presence before it, so that no two contents give the same bytes. Entities
/// are taken apart by structured bindings: with a field more or less this does not compile, and so nothing is
/// left out of a verification by oversight.
class canonical_bytes {
public:
    explicit canonical_bytes(std::string& out) : out_(out) {}

    template <class... Fields>
    void operator()(Fields const&... fields) {
        (put(fields), ...);
    }

private:
    template <class Value>
        requires std::integral<Value> || std::is_enum_v<Value>
    void put(Value value) {
        auto const number = static_cast<std::uint64_t>(value);
        for (std::size_t i = 0; i < sizeof number; ++i) {
            out_.push_back(static_cast<char>(static_cast<unsigned char>(number >> (8 * i))));
        }
    }
    void put(double value) { put(std::bit_cast<std::uint64_t>(value)); }
    void put(timestamp value) { put(to_unix_ms(value)); }
    void put(std::string const& value) {
        put(value.size());
        out_ += value;
    }
    template <class Tag>
    void put(id<Tag> const& value) {
        out_.append(value.value.begin(), value.value.end());
    }
    template <class Value>
    void put(std::optional<Value> const& value) {
        put(value.has_value());
        if (value) put(*value);
    }
    template <class Value>
    void put(std::vector<Value> const& values) {
        put(values.size());
        for (auto const& one : values) put(one);
    }
    void put(attributes const& values) {
        put(values.size());
        for (auto const& [key, value] : values) (*this)(key, value);
    }
    void put(message_content const& value) {
        put(value.index());
        std::visit([this](auto const& content) { put(content); }, value);
    }
    void put(text_part const& value) {
        auto const& [text] = value;
        put(text);
    }
    void put(image_part const& value) {
        auto const& [url] = value;
        put(url);
    }
    void put(content_part const& value) {
        put(value.index());
        std::visit([this](auto const& part) { put(part); }, value);
    }
    void put(tool_definition const& value) {
        auto const& [name, description, parameters] = value;
        (*this)(name, description, parameters);
    }
    void put(tool_call const& value) {
        auto const& [id, name, arguments] = value;
        (*this)(id, name, arguments);
    }
    void put(response_format const& value) {
        auto const& [name, schema] = value;
        (*this)(name, schema);
    }
    void put(attempt const& value) {
        auto const& [target, outcome, text, duration_ms] = value;
        (*this)(target, outcome, text, duration_ms);
    }
    void put(settings const& value) {
        auto const& [model_name, role, prompt, temperature, top_p, max_output_tokens, stop, seed, on_busy,
                     content_template, mask, tools, tool_choice, format] = value;
        (*this)(model_name, role, prompt, temperature, top_p, max_output_tokens, stop, seed, on_busy,
                content_template, mask, tools, tool_choice, format);
    }
    void put(usage_limits const& value) {
        auto const& [requests_per_minute, concurrent_streams, queued_generations, tokens_per_day] = value;
        (*this)(requests_per_minute, concurrent_streams, queued_generations, tokens_per_day);
    }
    void put(user const& value) {
        auto const& [user_id, name, extra, created_at, is_admin, limits] = value;
        (*this)(user_id, name, extra, created_at, is_admin, limits);
    }
    void put(external_identity const& value) {
        auto const& [issuer, subject] = value;
        (*this)(issuer, subject);
    }
    void put(scopes const& value) {
        auto const& [read, write, admin] = value;
        (*this)(read, write, admin);
    }
    void put(sha256_digest const& value) { out_.append(value.begin(), value.end()); }
    /// When it was used last is left out: a copy is begun anew, and its source may have been used meanwhile.
    void put(api_key const& value) {
        auto const& [key_id, user_id, name, hint, scopes, hash, created_at, expires_at, last_used_at,
                     limits] = value;
        static_cast<void>(last_used_at);
        (*this)(key_id, user_id, name, hint, scopes, hash, created_at, expires_at, limits);
    }
    void put(user_record const& value) {
        auto const& [of, is_local, names, keys] = value;
        (*this)(of, is_local, names, keys);
    }
    void put(interaction const& value) {
        auto const& [interaction_id, user_id, title, created_at, updated_at, last_message_at, settings,
                     metadata, pinned, archived, expires_at, message_count, active_branch, version] = value;
        (*this)(interaction_id, user_id, title, created_at, updated_at, last_message_at, settings, metadata,
                pinned, archived, expires_at, message_count, active_branch, version);
    }
    void put(head_record const& value) {
        auto const& [message_id, seq] = value;
        (*this)(message_id, seq);
    }
    void put(fork_record const& value) {
        auto const& [branch, parent, fork_seq, head] = value;
        (*this)(branch, parent, fork_seq, head);
    }
    void put(interaction_record const& value) {
        auto const& [of, root_branch, root_head, forks, waiting, last_seq, epoch] = value;
        (*this)(of, root_branch, root_head, forks, waiting, last_seq, epoch);
    }
    void put(sibling_position const& value) {
        auto const& [index, count] = value;
        (*this)(index, count);
    }
    void put(token_usage const& value) {
        auto const& [input_tokens, cached_tokens, output_tokens, estimated, cost] = value;
        (*this)(input_tokens, cached_tokens, output_tokens, estimated, cost);
    }
    void put(usage_day const& value) {
        auto const& [day, model_name, generations, input_tokens, cached_tokens, output_tokens, cost,
                     estimated] = value;
        (*this)(day.time_since_epoch().count(), model_name, generations, input_tokens, cached_tokens,
                output_tokens, cost, estimated);
    }
    void put(usage_record const& value) {
        auto const& [user_id, sums] = value;
        (*this)(user_id, sums);
    }
    void put(turn_timings const& value) {
        auto const& [queued_ms, time_to_first_token_ms, duration_ms] = value;
        (*this)(queued_ms, time_to_first_token_ms, duration_ms);
    }
    void put(message_error const& value) {
        auto const& [code, sentence] = value;
        (*this)(code, sentence);
    }
    void put(message const& value) {
        auto const& [interaction_id, message_id, parent_id, branch_id, seq, parent_seq, sibling, created_at,
                     role, content, transformed_content, metadata, status, tool_calls, tool_call_id,
                     reasoning, attempts, model_name, finish_reason, usage, timings, error] = value;
        (*this)(interaction_id, message_id, parent_id, branch_id, seq, parent_seq, sibling, created_at, role,
                content, transformed_content, metadata, status, tool_calls, tool_call_id, reasoning, attempts,
                model_name, finish_reason, usage, timings, error);
    }

    std::string& out_;
};

}  // namespace

void content_hash::add(user_record const& value) {
    canonical_bytes{buffer_}(value);
    flush_if_large();
}

void content_hash::add(interaction_record const& value) {
    canonical_bytes{buffer_}(value);
    flush_if_large();
}

void content_hash::add(message const& value) {
    canonical_bytes{buffer_}(value);
    flush_if_large();
}

void content_hash::add(usage_record const& value) {
    canonical_bytes{buffer_}(value);
    flush_if_large();
}

void content_hash::add(sha256_digest const& value) {
    buffer_.append(value.begin(), value.end());
    flush_if_large();
}

void content_hash::flush_if_large() {
    if (buffer_.size() < large) return;
    hash_.add(buffer_);
    buffer_.clear();
}

sha256_digest content_hash::finish() {
    hash_.add(buffer_);
    return hash_.finish();
}

}  // namespace parley
