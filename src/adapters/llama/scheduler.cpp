#include "adapters/llama/scheduler.hpp"

#include "adapters/llama/prefill.hpp"
#include "common/log.hpp"

#include <algorithm>
#include <exception>
#include <string_view>
#include <utility>

namespace parley {

scheduler::scheduler(loaded_model const& loaded, std::size_t sequences, std::function<int()> decode_fault,
                     bool ignore_end_of_text)
    : loaded_(loaded),
      vocabulary_(*llama_model_get_vocab(loaded.model.get())),
      ignore_end_of_text_(ignore_end_of_text),
      sequences_(sequences),
      slots_(sequences),
      decoder_(*loaded.context, std::move(decode_fault)) {}

void scheduler::step() {
    try {
        run_batch();
    } catch (std::exception const& bug) {
        log::error("a batch threw; its replies fail", {{"what", std::string_view(bug.what())}});
        start_afresh();
    }
}

/// Nobody knows how far the batch came: all state goes.
void scheduler::start_afresh() {
    std::erase(waiting_, nullptr);
    for (auto& chat : running_) {
        chat->end_failed(
            {error_kind::internal, "model_decode_failed", "The model failed to go on with this reply."});
        chat->deliver();
    }
    running_.clear();
    slots_ = kv_slots(sequences_);
    for (std::size_t slot = 0; slot < sequences_; ++slot) static_cast<void>(decoder_.cut(slot, 0));
}

void scheduler::run_batch() {
    end_stopped();
    begin_waiting();
    auto parts = plan();
    if (!parts.empty()) {
        decoder_.decode(parts, [this](batch_part const& part) { take_result(part); });
        fail_chats(parts);
    }
    deliver_and_clean();
}

void scheduler::end_stopped() {
    std::erase_if(waiting_, [](std::unique_ptr<generation_job> const& job) {
        if (!job->box->stop_asked()) return false;
        generation_end end;
        end.usage.input_tokens = static_cast<std::int64_t>(job->prompt.size());
        end.queued = in_ms(steady::now() - job->accepted);
        end.stopped = true;
        job->box->finish(std::move(end));
        return true;
    });
    for (auto& chat : running_) {
        if (chat->stop_asked()) chat->end_stopped();
    }
    deliver_and_clean();
}

void scheduler::begin_waiting() {
    while (!waiting_.empty()) {
        auto const& job = *waiting_.front();
        auto place = slots_.take(job.owner, job.prompt);
        if (!place) return;
        if (!decoder_.cut(place->slot, place->kept)) {
            slots_.cut(place->slot, 0);
            place->kept = 0;
        }
        running_.push_back(
            std::make_unique<running_chat>(std::move(waiting_.front()), *place, loaded_.context_window));
        waiting_.pop_front();
    }
}

std::vector<batch_part> scheduler::plan() const {
    std::vector<batch_part> parts;
    std::vector<running_chat const*> readers;
    std::vector<std::size_t> unread;
    for (auto const& chat : running_) {
        auto const held = slots_.held(chat->slot());
        if (chat->writes()) {
            parts.push_back(
                {.slot = chat->slot(), .position = held, .tokens = chat->next_token(), .wants_logits = true});
        } else {
            readers.push_back(chat.get());
            unread.push_back(chat->unread(held).size());
        }
    }
    auto const shares = share_prefill(unread, loaded_.prefill_chunk);
    for (std::size_t i = 0; i < readers.size(); ++i) {
        if (shares[i] == 0) continue;
        auto const held = slots_.held(readers[i]->slot());
        parts.push_back({.slot = readers[i]->slot(),
                         .position = held,
                         .tokens = readers[i]->unread(held).first(shares[i]),
                         .wants_logits = shares[i] == unread[i]});
    }
    return parts;
}

void scheduler::take_result(batch_part const& part) {
    slots_.append(part.slot, part.tokens);
    if (part.wants_logits) choose_token(chat_in(part.slot), part);
}

void scheduler::choose_token(running_chat& chat, batch_part const& part) {
    try {
        auto const token = chat.choose(decoder_.logits(part));
        if (!ignore_end_of_text_ && llama_vocab_is_eog(&vocabulary_, token)) {
            chat.end_whole();
            return;
        }
        chat.write(token, piece_of(token, chat.shows(token)), steady::now());
    } catch (std::exception const& why) {
        log::error("a reply could not go on", {{"what", std::string_view(why.what())}});
        chat.end_failed({error_kind::internal, "model_decode_failed",
                         "The model failed to go on with this reply in the form that was asked for."});
    }
}

std::string scheduler::piece_of(token_id token, bool with_control) const {
    std::string piece(32, '\0');
    auto const fill = [&] {
        return llama_token_to_piece(&vocabulary_, token, piece.data(),
                                    static_cast<std::int32_t>(piece.size()), 0, with_control);
    };
    auto length = fill();
    if (length < 0) {  // the length it needs, negated
        piece.resize(static_cast<std::size_t>(-length));
        length = fill();
    }
    piece.resize(static_cast<std::size_t>(std::max(length, 0)));
    return piece;
}

void scheduler::fail_chats(std::span<batch_part const> parts) {
    for (auto const& part : parts) {
        if (!part.failed) continue;
        slots_.forget(part.slot);
        chat_in(part.slot).end_failed(
            {error_kind::internal, "model_decode_failed", "The model failed to go on with this reply."});
    }
}

void scheduler::deliver_and_clean() {
    std::erase_if(running_, [this](std::unique_ptr<running_chat> const& chat) {
        if (chat->ended()) slots_.release(chat->slot());
        chat->deliver();
        return chat->ended();
    });
}

running_chat& scheduler::chat_in(std::size_t slot) {
    return **std::ranges::find(running_, slot, [](auto const& chat) { return chat->slot(); });
}

}  // namespace parley
