// Keeps a reply to its grammar: forbids the tokens that do not fit. Thread safety: none; one belongs to one
// reply. Made on one thread, it may go on to another.
#pragma once

#include "adapters/llama/kv_slots.hpp"
#include "adapters/llama/reply_form.hpp"
#include "adapters/llama/sampler.hpp"
#include "common/error.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

struct llama_sampler;
struct llama_vocab;

namespace parley {

class reply_grammar {
public:
    /// Null for a form without one. Errors: invalid (invalid_schema): llama.cpp can not read it.
    [[nodiscard]] static result<std::unique_ptr<reply_grammar>> make(llama_vocab const& vocabulary,
                                                                     reply_form const& form);

    /// The next token: what `chooser` takes first if that fits, else its choice of those that fit. Throws
    /// when none does.
    [[nodiscard]] token_id choose(sampler& chooser, std::span<float const> logits);

private:
    struct free_sampler {
        void operator()(llama_sampler* sampler) const;
    };
    using sampler_ptr = std::unique_ptr<llama_sampler, free_sampler>;

    /// A lazy grammar waits for one of these words, which may come in pieces.
    struct trigger_watch {
        std::vector<std::string> words;
        std::size_t longest = 0;
        std::string thinking_begin;
        std::vector<std::string> thinking_ends;
        std::string text;                 // the reply so far
        std::vector<token_id> tokens;     // its last ones, which a trigger could lie in
        std::vector<std::size_t> begins;  // where they begin
    };

    reply_grammar(llama_vocab const& vocabulary, sampler_ptr rules, reply_form const& form);

    [[nodiscard]] bool fits(token_id token) const;
    [[nodiscard]] token_id choose_fitting(sampler& chooser, std::span<float const> logits);
    void take(token_id token);
    void watch(token_id token);
    void triggered(std::size_t at);
    void skip(std::string const& begun);

    llama_vocab const& vocabulary_;
    sampler_ptr rules_;  // null when they were given up
    std::unique_ptr<trigger_watch> watch_;
    std::size_t searched_ = 0;  // bytes, by llama.cpp's own search for patterns
    bool const has_patterns_;
};

}  // namespace parley
