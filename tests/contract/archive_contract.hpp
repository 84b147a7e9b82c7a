// What the tests of whole stores share.
#pragma once

#include "archive_under_test.hpp"
#include "store_contract.hpp"

#include <algorithm>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace parley::test {

class archive_contract : public testing::TestWithParam<archive_kind> {
protected:
    std::unique_ptr<store_under_test> serve() {
        auto opened = under_test_->serve();
        if (!opened) throw std::runtime_error(opened.error().message + opened.error().detail);
        return std::move(*opened);
    }
    std::unique_ptr<store_archive> archive(bool to_fill = false) {
        auto opened = under_test_->archive(to_fill);
        if (!opened) throw std::runtime_error(opened.error().message + opened.error().detail);
        return std::move(*opened);
    }
    std::unique_ptr<store_archive> receiving() {
        auto opened = archive(true);
        EXPECT_EQ(*opened->receive_from("ada"), reception::fresh);
        return opened;
    }

    template <class T>
    T await(task<T> work) {
        return loops_.run(std::move(work));
    }

    std::unique_ptr<archive_under_test> under_test_ = GetParam().make();
    event_loops loops_;
};

[[nodiscard]] inline std::vector<conversation_part> read_all(store_archive& from) {
    std::vector<conversation_part> all;
    for (archive_position at;;) {
        auto batch = from.conversations_after(at);
        EXPECT_TRUE(batch.has_value()) << batch.error().detail;
        if (!batch || batch->empty()) return all;
        at = position_behind(batch->back());
        std::ranges::move(*batch, std::back_inserter(all));
    }
}

inline std::string name_of_archive(testing::TestParamInfo<archive_kind> const& info) {
    return info.param.name;
}

}  // namespace parley::test

/// For every store: TEST_P of `suite`, a class or alias derived from archive_contract.
#define PARLEY_FOR_EVERY_ARCHIVE(suite)                                                            \
    INSTANTIATE_TEST_SUITE_P(every_store, suite, testing::ValuesIn(parley::test::archive_kinds()), \
                             parley::test::name_of_archive)
