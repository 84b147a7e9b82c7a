// libFuzzer: the body of a remote model's answer through the readers of both dialects, cut into pieces. The
// first byte picks the dialect, the size of the pieces, and how the body ends. Fails on a crash, on text that
// is not UTF-8, on an answer that neither ends nor fails, and when the size of the pieces makes a difference.
#include "adapters/upstream/answer_stream.hpp"
#include "common/utf8.hpp"

#include <cstdio>
#include <cstdlib>
#include <string>

namespace parley::upstream {
namespace {

[[noreturn]] void report(char const* what) {
    std::fprintf(stderr, "%s\n", what);
    std::abort();
}

/// All that came of it, in one text to compare.
std::string read(std::string_view body, std::size_t piece, bool anthropic, bool cut_off) {
    failures const words{"fuzz", {"sk-canary-0123456789"}};
    answer_stream stream{anthropic ? make_anthropic_reader(words) : make_openai_reader(words), words};
    auto& answer = stream.answer();
    std::string text;
    std::string thoughts;
    auto const take = [&] {
        while (answer.has_piece()) {
            auto const one = answer.take_piece();
            if (one.text.empty() || !is_valid_utf8(one.text)) report("a piece is empty or not UTF-8");
            (one.reasoning ? thoughts : text) += one.text;
        }
    };
    for (std::size_t at = 0; at < body.size(); at += piece) {
        stream.feed(body.substr(at, piece));
        take();
    }
    stream.finish(cut_off);
    take();
    if (!stream.over()) report("it neither ends nor fails");
    if (answer.waiting_bytes() != 0) report("bytes wait although everything was taken");
    auto out = text + "\n" + thoughts + "\n" + (answer.failure ? answer.failure->code : "");
    if (answer.failure && !is_valid_utf8(answer.failure->message)) report("a message is not UTF-8");
    auto const calls = answer.calls.take(false);
    if (!calls) return out + "\nunnamed";
    for (auto const& call : *calls) out += "\n" + call.id + " " + call.name + " " + call.arguments;
    return out;
}

}  // namespace
}  // namespace parley::upstream

extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size) {
    if (size < 1) return 0;
    bool const anthropic = (data[0] & 1U) != 0;
    bool const cut_off = (data[0] & 2U) != 0;
    std::size_t const piece = 1 + (data[0] >> 2U);
    std::string_view const body{reinterpret_cast<char const*>(data) + 1, size - 1};
    auto const in_pieces = parley::upstream::read(body, piece, anthropic, cut_off);
    if (parley::upstream::read(body, size, anthropic, cut_off) != in_pieces)
        parley::upstream::report("the size of the pieces makes a difference");
    return 0;
}
