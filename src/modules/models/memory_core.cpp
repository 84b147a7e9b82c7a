#include "modules/models/memory_core.hpp"

#include "common/log.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>

namespace parley {

namespace {

using namespace std::chrono_literals;

constexpr auto look_again = 1000ms;
constexpr double smallest_step = 0.01;  // of progress that is worth waking somebody

std::int64_t mebibytes(std::size_t bytes) {
    return static_cast<std::int64_t>((bytes + (1U << 20U) - 1) >> 20U);
}

}  // namespace

memory_core::memory_core(model_memory_options chosen, metrics& seen)
    : options_(std::move(chosen)),
      seen_(seen) {
    seen_.loaded_models(0, 0);
}

void memory_core::add(shared_slot const& slot) {
    std::scoped_lock const lock{guard_};
    if (too_large(*slot)) {
        slot->state = model_state::failed;
        slot->problem = fmt::format(
            "it needs about {} MiB, and model_memory allows {} MiB for all models that are "
            "loaded on demand",
            mebibytes(slot->bytes), mebibytes(options_.budget));
        log::warn("model is larger than the memory for models",
                  {{"model", slot->name}, {"problem", slot->problem}});
    }
    slots_.push_back(slot);
}

void memory_core::retire(shared_slot const& slot) {
    {
        std::scoped_lock const lock{guard_};
        slot->retired = true;
        if (slot->state == model_state::loading || slot->state == model_state::ready) unload(*slot);
        std::erase(slots_, slot);
        std::erase(queue_, slot.get());
        wake();
    }
    loader_.drain();
}

void memory_core::close() {
    {
        std::scoped_lock const lock{guard_};
        closed_ = true;
        for (auto const& slot : slots_) {
            if (slot->state == model_state::loading || slot->state == model_state::ready) unload(*slot);
        }
        wake();
    }
    loader_.close();
}

model_info memory_core::describe(memory_slot& slot, model_info known) {
    std::scoped_lock const lock{guard_};
    if (slot.state == model_state::ready) {
        auto told = slot.model->info();
        told.name = std::move(known.name);
        if (known.price) told.price = known.price;
        told.on_demand = true;
        return told;
    }
    known.on_demand = true;
    known.state = slot.state;
    if (slot.state == model_state::failed && !too_large(slot) &&
        options_.now() >= slot.failed_at + options_.retry_after) {
        known.state = model_state::unloaded;  // whoever asks makes it try again
    }
    if (known.state == model_state::failed) known.problem = slot.problem;
    return known;
}

bool memory_core::pin_loaded(memory_slot& slot, bool prepared) {
    std::scoped_lock const lock{guard_};
    if (prepared && !slot.kept_until.empty()) slot.kept_until.pop_front();
    if (slot.state != model_state::ready) return false;
    ++slot.pins;
    return true;
}

void memory_core::unpin(memory_slot& slot) {
    std::scoped_lock const lock{guard_};
    slot.last_used = options_.now();
    if (--slot.pins == 0) wake();
}

void memory_core::keep_for_start(memory_slot& slot) {
    std::scoped_lock const lock{guard_};
    slot.kept_until.push_back(options_.now() + options_.kept_after_prepare);
}

void memory_core::join(memory_slot& slot, wakeup& sleeper) {
    std::scoped_lock const lock{guard_};
    ++slot.pins;
    ++slot.waiting;
    sleepers_.emplace_back(&slot, &sleeper);
}

void memory_core::leave(memory_slot& slot, wakeup& sleeper) {
    std::scoped_lock const lock{guard_};
    std::erase(sleepers_, std::pair<memory_slot const*, wakeup*>{&slot, &sleeper});
    // A place in the queue is of those who wait.
    if (--slot.waiting == 0 && std::erase(queue_, &slot) > 0) wake();
}

result<memory_core::standing> memory_core::look(shared_slot const& slot) {
    std::scoped_lock const lock{guard_};
    auto const now = options_.now();
    switch (slot->state) {
        case model_state::ready:
            return standing::in_memory;
        case model_state::loading:
            return standing::loading;
        case model_state::failed:
            if (too_large(*slot) || now < slot->failed_at + options_.retry_after) {
                return std::unexpected(failure_of(*slot));
            }
            break;
        case model_state::unloaded:
            break;
    }
    if (closed_ || slot->retired) return std::unexpected(failure_of(*slot));
    if (std::ranges::find(queue_, slot.get()) == queue_.end()) queue_.push_back(slot.get());
    if (queue_.front() != slot.get() || !make_room(slot->bytes, now)) return standing::no_room;
    queue_.pop_front();
    begin_load(slot);
    wake();  // the next one may find room, too
    return standing::loading;
}

error memory_core::no_room(memory_slot const& slot) {
    std::scoped_lock const lock{guard_};
    return {
        error_kind::overloaded, "model_memory_full",
        fmt::format("The model \"{}\" needs about {} MiB, and models that are in use leave no room for it "
                    "(model_memory: {} MiB). Try again in a moment.",
                    slot.name, mebibytes(slot.bytes), mebibytes(options_.budget))};
}

double memory_core::share(memory_slot const& slot) {
    std::scoped_lock const lock{guard_};
    return slot.share;
}

std::chrono::milliseconds memory_core::next_look() {
    std::scoped_lock const lock{guard_};
    auto const now = options_.now();
    std::chrono::milliseconds wait = look_again;
    for (auto const& slot : slots_) {
        if (slot->kept_until.empty()) continue;
        auto const left = std::chrono::ceil<std::chrono::milliseconds>(slot->kept_until.back() - now);
        if (left > 0ms) wait = std::min(wait, left);
    }
    return wait;
}

bool memory_core::in_use(memory_slot& slot, time_point now) {
    auto& kept = slot.kept_until;
    while (!kept.empty() && kept.front() <= now) kept.pop_front();
    return slot.pins > 0 || !kept.empty();
}

/// Unloads as many as must be, those first that were not used for longest. False, and nothing is unloaded,
/// when that would not be enough.
bool memory_core::make_room(std::size_t bytes, time_point now) {
    if (options_.budget == 0 || used_ + bytes <= options_.budget) return true;
    std::vector<memory_slot*> idle;
    for (auto const& slot : slots_) {
        if (slot->state == model_state::ready && !in_use(*slot, now)) idle.push_back(slot.get());
    }
    std::ranges::stable_sort(idle, {}, &memory_slot::last_used);
    auto left = used_;
    std::size_t count = 0;
    while (count < idle.size() && left + bytes > options_.budget) left -= idle[count++]->bytes;
    if (left + bytes > options_.budget) return false;
    for (std::size_t i = 0; i < count; ++i) {
        log::info("model unloaded for another one", {{"model", idle[i]->name}});
        unload(*idle[i]);
    }
    return true;
}

error memory_core::failure_of(memory_slot const& slot) const {
    auto why = closed_ || slot.retired ? std::string{"the server is shutting down"} : slot.problem;
    if (!why.ends_with('.')) why += '.';
    return {error_kind::unavailable, "model_failed",
            fmt::format("The model \"{}\" could not be loaded: {}", slot.name, why)};
}

bool memory_core::too_large(memory_slot const& slot) const {
    return options_.budget > 0 && slot.bytes > options_.budget;
}

void memory_core::begin_load(shared_slot const& slot) {
    slot->state = model_state::loading;
    slot->share = 0;
    auto const number = ++slot->load;
    used_ += slot->bytes;
    tell_loaded();
    loader_.post([this, slot, number] { load(slot, number); });
}

void memory_core::unload(memory_slot& slot) {
    slot.state = model_state::unloaded;
    ++slot.load;
    used_ -= slot.bytes;
    tell_loaded();
    if (!slot.model) return;
    loader_.post(
        [model = std::shared_ptr<language_model>{std::move(slot.model)}]() mutable { model.reset(); });
}

void memory_core::wake(memory_slot const* only) {
    for (auto const& [slot, sleeper] : sleepers_) {
        if (only == nullptr || slot == only) sleeper->notify();
    }
}

void memory_core::tell_loaded() {
    auto const count = std::ranges::count_if(slots_, [](auto const& slot) {
        return slot->state == model_state::loading || slot->state == model_state::ready;
    });
    seen_.loaded_models(static_cast<std::size_t>(count), used_);
}

void memory_core::load(shared_slot const& slot, std::uint64_t number) {
    {
        std::scoped_lock const lock{guard_};
        if (slot->load != number) return;
    }
    std::unique_ptr<language_model> made;
    std::string problem = "it could not be made";
    try {
        made = slot->make(callbacks_for(slot, number));
    } catch (std::exception const& bug) {
        problem = bug.what();
    }
    {
        std::scoped_lock const lock{guard_};
        if (slot->load == number) {
            if (!made) return fail_load(*slot, std::move(problem));
            slot->model = std::move(made);
        }
    }
    if (made) return;  // nobody wants it any more, and it ends here
    settle(slot, number);
}

/// Called when the model is made, and again when it says that it is ready or has failed.
void memory_core::settle(shared_slot const& slot, std::uint64_t number) {
    std::unique_ptr<language_model> failed;  // ends when nothing is locked
    std::scoped_lock const lock{guard_};
    if (slot->load != number || slot->state != model_state::loading || !slot->model) return;
    auto const info = slot->model->info();
    if (info.state == model_state::ready) {
        slot->state = model_state::ready;
        slot->share = 1;
        slot->last_used = options_.now();
        log::info("model loaded", {{"model", slot->name}});
        wake();
    } else if (info.state == model_state::failed) {
        failed = std::move(slot->model);
        fail_load(*slot, info.problem);
    }
}

load_callbacks memory_core::callbacks_for(shared_slot const& slot, std::uint64_t number) {
    std::weak_ptr<memory_core> const weak = weak_from_this();
    return {.on_progress =
                [weak, slot, number](double share) {
                    if (auto const core = weak.lock()) core->progressed(*slot, number, share);
                },
            .on_settled =
                [weak, slot, number] {
                    auto const core = weak.lock();
                    if (core)
                        core->loader_.post([raw = core.get(), slot, number] { raw->settle(slot, number); });
                }};
}

void memory_core::progressed(memory_slot& slot, std::uint64_t number, double share) {
    std::scoped_lock const lock{guard_};
    if (slot.load != number || slot.state != model_state::loading || share < slot.share + smallest_step)
        return;
    slot.share = share;
    wake(&slot);
}

void memory_core::fail_load(memory_slot& slot, std::string problem) {
    slot.state = model_state::failed;
    slot.problem = std::move(problem);
    slot.failed_at = options_.now();
    used_ -= slot.bytes;
    tell_loaded();
    log::error("model failed to load", {{"model", slot.name}, {"problem", slot.problem}});
    wake();
}

model_memory::model_memory(model_memory_options chosen, metrics& seen)
    : core_(std::make_shared<memory_core>(std::move(chosen), seen)) {}

model_memory::~model_memory() { core_->close(); }

}  // namespace parley
