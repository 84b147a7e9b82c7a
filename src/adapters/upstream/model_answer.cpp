#include "adapters/upstream/model_answer.hpp"

#include <utility>

namespace parley::upstream {

void model_answer::say(std::string_view text) {
    if (text.empty()) return;
    ++steps_;
    if (splitter_.over()) return keep(text_.feed(text), false);
    auto const parts = splitter_.feed(text);
    add(parts.thought, true);
    add(parts.said, false);
}

void model_answer::think(std::string_view text) {
    if (text.empty()) return;
    ++steps_;
    splitter_.leave_alone();
    add(text, true);
}

void model_answer::add(std::string_view text, bool reasoning) {
    keep((reasoning ? thoughts_ : text_).feed(text), reasoning);
}

void model_answer::keep(std::string text, bool reasoning) {
    if (text.empty()) return;
    written_.add(text);
    waiting_ += text.size();
    if (!pieces_.empty() && pieces_.back().reasoning == reasoning) {
        pieces_.back().text += text;
    } else {
        pieces_.push_back({reasoning, std::move(text)});
    }
}

bool model_answer::call(tool_call_fragment const& piece) {
    ++steps_;
    written_.add(piece.name);
    written_.add(piece.arguments);
    return calls.add(piece);
}

void model_answer::close() {
    auto const parts = splitter_.finish();
    add(parts.thought, true);
    add(parts.said, false);
    keep(thoughts_.finish(), true);
    keep(text_.finish(), false);
}

answer_piece model_answer::take_piece() {
    auto out = std::move(pieces_.front());
    pieces_.erase(pieces_.begin());
    waiting_ -= out.text.size();
    return out;
}

}  // namespace parley::upstream
