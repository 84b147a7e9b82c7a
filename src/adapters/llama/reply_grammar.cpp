#include "adapters/llama/reply_grammar.hpp"

#include "adapters/llama/backend.hpp"
#include "adapters/llama/model_file.hpp"
#include "common/log.hpp"

#include <common.h>
#include <fmt/format.h>
#include <llama.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <exception>
#include <limits>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace parley {

namespace {

/// llama.cpp searches the whole text anew for each token, recursing: a text that has got so long without a
/// trigger will have none.
constexpr std::size_t longest_searched = 32 * 1024;

constexpr float impossible = -std::numeric_limits<float>::infinity();

std::vector<std::string> escaped(std::vector<std::string> const& words) {
    std::vector<std::string> patterns;
    patterns.reserve(words.size());
    for (auto const& word : words) patterns.push_back(regex_escape(word));
    return patterns;
}

llama_sampler* new_rules(llama_vocab const& vocabulary, reply_form const& form) {
    if (!form.lazy) return llama_sampler_init_grammar(&vocabulary, form.grammar.c_str(), "root");
    auto patterns = escaped(form.words);
    patterns.insert(patterns.end(), form.patterns.begin(), form.patterns.end());
    std::vector<char const*> pointers;
    pointers.reserve(patterns.size());
    for (auto const& pattern : patterns) pointers.push_back(pattern.c_str());
    return llama_sampler_init_grammar_lazy_patterns(&vocabulary, form.grammar.c_str(), "root",
                                                    pointers.data(), pointers.size(), nullptr, 0);
}

std::unexpected<error> unusable(std::string_view why) {
    return fail(
        error_kind::invalid, "invalid_schema",
        fmt::format(
            "No grammar can be made of what is asked of the reply: it is too large or recurses without "
            "end (llama.cpp says: {}).",
            why));
}

/// The text ends within what is thought.
bool thinks(std::string const& text, std::string const& begin, std::vector<std::string> const& ends) {
    if (begin.empty()) return false;
    auto const begun = text.rfind(begin);
    if (begun == std::string::npos) return false;
    return std::ranges::none_of(ends, [&](std::string const& end) {
        return text.find(end, begun + begin.size()) != std::string::npos;
    });
}

}  // namespace

void reply_grammar::free_sampler::operator()(llama_sampler* sampler) const { llama_sampler_free(sampler); }

result<std::unique_ptr<reply_grammar>> reply_grammar::make(llama_vocab const& vocabulary,
                                                           reply_form const& form) {
    if (form.grammar.empty()) return nullptr;
    llama_complaints const complaints;
    try {
        sampler_ptr rules(new_rules(vocabulary, form));
        if (!rules) return unusable(first_line(complaints.text()));
        std::unique_ptr<reply_grammar> made(new reply_grammar(vocabulary, std::move(rules), form));
        if (!form.lazy) made->skip(form.begun);
        return made;
    } catch (std::exception const& why) {
        return unusable(first_line(why.what()));
    }
}

reply_grammar::reply_grammar(llama_vocab const& vocabulary, sampler_ptr rules, reply_form const& form)
    : vocabulary_(vocabulary),
      rules_(std::move(rules)),
      has_patterns_(!form.patterns.empty()) {
    if (!form.lazy || has_patterns_) return;
    watch_ = std::make_unique<trigger_watch>();
    watch_->words = form.words;
    for (auto const& word : form.words) watch_->longest = std::max(watch_->longest, word.size());
    watch_->thinking_begin = form.thinking_begin;
    watch_->thinking_ends = form.thinking_ends;
    watch_->text = form.begun;
}

/// The grammar begins with what the prompt already ends with.
void reply_grammar::skip(std::string const& begun) {
    if (begun.empty()) return;
    auto const tokens = common_tokenize(&vocabulary_, begun, false, true);
    for (auto const token : tokens) {
        auto const piece = common_token_to_piece(&vocabulary_, token, true);
        auto const space_of_tokenizer = token == tokens.front() && !piece.empty() &&
                                        std::isspace(static_cast<unsigned char>(piece.front())) != 0 &&
                                        std::isspace(static_cast<unsigned char>(begun.front())) == 0;
        if (space_of_tokenizer) continue;
        if (llama_vocab_is_eog(&vocabulary_, token)) throw std::runtime_error("the prompt ends a reply");
        llama_sampler_accept(rules_.get(), token);
    }
}

token_id reply_grammar::choose(sampler& chooser, std::span<float const> logits) {
    if (!rules_) return chooser.sample(logits);
    auto token = chooser.sample(logits);
    if (!fits(token)) token = choose_fitting(chooser, logits);
    // llama.cpp ends the process when a reply's end does not fit, so it is not told of one.
    if (!llama_vocab_is_eog(&vocabulary_, token)) take(token);
    return token;
}

bool reply_grammar::fits(token_id token) const {
    llama_token_data one{token, 0.0F, 0.0F};
    llama_token_data_array candidates{&one, 1, -1, false};
    llama_sampler_apply(rules_.get(), &candidates);
    return !std::isinf(one.logit);
}

token_id reply_grammar::choose_fitting(sampler& chooser, std::span<float const> logits) {
    std::vector<llama_token_data> all;
    all.reserve(logits.size());
    for (token_id token = 0; auto const logit : logits) all.push_back({token++, logit, 0.0F});
    llama_token_data_array candidates{all.data(), all.size(), -1, false};
    llama_sampler_apply(rules_.get(), &candidates);
    std::vector<float> fitting;
    fitting.reserve(all.size());
    for (auto const& one : all) fitting.push_back(one.logit);
    auto const token = chooser.sample(fitting);
    if (fitting[static_cast<std::size_t>(token)] == impossible || !fits(token)) {
        throw std::runtime_error("no token fits the grammar");
    }
    return token;
}

void reply_grammar::take(token_id token) {
    if (watch_) return watch(token);
    if (has_patterns_) {
        searched_ += common_token_to_piece(&vocabulary_, token, true).size();
        // While it waits for a trigger it lets the reply end.
        auto const end = llama_vocab_eos(&vocabulary_);
        if (searched_ > longest_searched && end >= 0 && fits(end)) return rules_.reset();
    }
    llama_sampler_accept(rules_.get(), token);
}

void reply_grammar::watch(token_id token) {
    auto& watch = *watch_;
    auto const piece = common_token_to_piece(&vocabulary_, token, true);
    watch.tokens.push_back(token);
    watch.begins.push_back(watch.text.size());
    auto const from = watch.text.size() - std::min(watch.text.size(), watch.longest);
    watch.text += piece;
    if (thinks(watch.text, watch.thinking_begin, watch.thinking_ends)) return;
    auto found = std::string::npos;
    for (auto const& word : watch.words) found = std::min(found, watch.text.find(word, from));
    if (found != std::string::npos) return triggered(found);
    auto const old = std::ranges::find_if(watch.begins, [&](std::size_t begin) { return begin >= from; });
    auto const gone = std::max<std::ptrdiff_t>(old - watch.begins.begin() - 1, 0);
    watch.begins.erase(watch.begins.begin(), watch.begins.begin() + gone);
    watch.tokens.erase(watch.tokens.begin(), watch.tokens.begin() + gone);
}

/// The rules hold from the word at `at` on, which lies in the last tokens.
void reply_grammar::triggered(std::size_t at) {
    auto const watched = std::exchange(watch_, nullptr);
    auto const behind = std::ranges::upper_bound(watched->begins, at) - watched->begins.begin();
    auto const first = std::max<std::ptrdiff_t>(behind - 1, 0);
    try {
        for (auto const token : std::span(watched->tokens).subspan(static_cast<std::size_t>(first))) {
            llama_sampler_accept(rules_.get(), token);
        }
    } catch (std::exception const& why) {
        // It only looked like a call: the token goes on with something else. The parser decides.
        log::debug("a reply left its grammar at once", {{"what", std::string_view(why.what())}});
        rules_.reset();
    }
}

}  // namespace parley
