// Bytes read and not yet used: grows to a limit, moves its content to the front when it needs room.
// Thread safety: none.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>

namespace parley::http {

class input_buffer {
public:
    explicit input_buffer(std::size_t limit) : limit_(std::max(limit, initial_size)) {}

    [[nodiscard]] std::string_view view() const { return {bytes_.get() + begin_, end_ - begin_}; }
    [[nodiscard]] bool empty() const { return begin_ == end_; }

    /// Room for at least one byte, up to `wanted` if the limit allows; empty when the buffer is full.
    [[nodiscard]] std::span<char> room(std::size_t wanted = 1) {
        if (size_ - end_ < wanted) make_room(wanted);
        return {bytes_.get() + end_, size_ - end_};
    }
    void commit(std::size_t count) { end_ += count; }

    void consume(std::size_t count) {
        begin_ += count;
        if (begin_ == end_) begin_ = end_ = 0;
    }

    /// Gives memory beyond the usual back; for connections that wait.
    void shrink() {
        if (!empty() || size_ <= usual_size) return;
        bytes_.reset();
        size_ = 0;
    }

private:
    static constexpr std::size_t initial_size = 2048;
    static constexpr std::size_t usual_size = 4096;

    void make_room(std::size_t wanted) {
        auto const used = end_ - begin_;
        auto const size = std::min(
            limit_, std::max({initial_size, size_, size_ - used < wanted ? size_ * 2 : 0, used + wanted}));
        if (size > size_) {
            auto larger = std::make_unique_for_overwrite<char[]>(size);
            if (used > 0) std::memcpy(larger.get(), bytes_.get() + begin_, used);
            bytes_ = std::move(larger);
            size_ = size;
        } else if (begin_ > 0) {
            std::memmove(bytes_.get(), bytes_.get() + begin_, used);
        }
        begin_ = 0;
        end_ = used;
    }

    std::size_t const limit_;
    std::unique_ptr<char[]> bytes_;
    std::size_t size_ = 0;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

}  // namespace parley::http
