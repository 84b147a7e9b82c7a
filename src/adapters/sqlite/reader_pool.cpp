#include "adapters/sqlite/reader_pool.hpp"

namespace parley::sqlite {

result<std::unique_ptr<connection>> reader_pool::borrow() {
    {
        std::lock_guard const lock{guard_};
        if (closed_) return store_closed();
        if (!free_.empty()) {
            auto db = std::move(free_.back());
            free_.pop_back();
            return db;
        }
    }
    return file_.open_reader();
}

void reader_pool::give_back(std::unique_ptr<connection> db) {
    if (db->failure() != 0 || db->in_transaction()) return;
    std::lock_guard const lock{guard_};
    if (!closed_) free_.push_back(std::move(db));
}

void reader_pool::close() {
    std::lock_guard const lock{guard_};
    closed_ = true;
    free_.clear();
}

}  // namespace parley::sqlite
