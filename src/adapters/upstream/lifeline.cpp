#include "adapters/upstream/lifeline.hpp"

#include <utility>

namespace parley::upstream {

void lifeline::end_within(std::chrono::milliseconds patience) {
    deadline_ = steady::now() + patience;
    if (!armed_for_ || *armed_for_ > *deadline_) arm();
}

void lifeline::arm() {
    armed_for_ = deadline_;
    timer_.expires_at(*deadline_);
    timer_.async_wait([self = shared_from_this()](boost::system::error_code cancelled) {
        if (cancelled) return;  // armed again, or released
        self->armed_for_.reset();
        if (!self->deadline_ || self->ended_ != cause::none) return;
        if (steady::now() >= *self->deadline_) {
            self->end(cause::deadline);
        } else {
            self->arm();
        }
    });
}

void lifeline::interrupt_by(std::function<void()> how) {
    interrupt_ = std::move(how);
    if (ended_ != cause::none && interrupt_) std::exchange(interrupt_, nullptr)();
}

void lifeline::end(cause why) {
    if (ended_ != cause::none) return;
    ended_ = why;
    if (auto const interrupt = std::exchange(interrupt_, nullptr)) interrupt();
}

void lifeline::release() {
    deadline_.reset();
    interrupt_ = nullptr;
    timer_.cancel();
    armed_for_.reset();
}

}  // namespace parley::upstream
