// The reader's side of one reply.
#pragma once

#include "adapters/llama/mailbox.hpp"
#include "common/wakeup.hpp"
#include "services/language_model.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <utility>

namespace parley {

class llama_generation final : public generation {
public:
    llama_generation(boost::asio::any_io_executor const& executor, std::optional<token_price> price)
        : wakeup_(executor),
          box_(std::make_shared<mailbox>(wakeup_, price)) {}
    ~llama_generation() override { box_->detach(); }

    /// Where the writer puts what comes.
    [[nodiscard]] std::shared_ptr<mailbox> box() const { return box_; }

    [[nodiscard]] task<generation_event> next(std::chrono::milliseconds longest) override;
    void stop() noexcept override { box_->ask_to_stop(); }

private:
    wakeup wakeup_;
    std::shared_ptr<mailbox> const box_;
};

}  // namespace parley
