// Every operation of the disk fails once, one after the other, in the middle of a day's work: a failed call
// says so, nothing acknowledged is lost, and the store works again as soon as the disk does.
#include "adapters/memory/memory_store.hpp"
#include "store_on_disk.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <functional>
#include <string>

namespace parley::test {
namespace {

timestamp at(int seconds) { return from_unix_ms(1'790'000'000'000 + seconds * 1000); }

/// "ok" or the error's code.
template <class T>
std::string code_of(result<T> const& outcome) {
    return outcome ? "ok" : outcome.error().code;
}

using step = std::function<std::string(conversation_store&, event_loops&)>;

/// A day's work with ids made beforehand, so that each step may be repeated, on any store.
class script {
public:
    script() {
        for (int i = 0; i < 3; ++i) {
            places_.push_back(*make_interaction(user_, {.title = "Talk " + std::to_string(i)}, at(i)));
            add([value = places_.back()](conversation_store& store, event_loops& loops) {
                auto const code = code_of(loops.run(store.create_interaction(value)));
                return code == "interaction_exists" ? "ok" : code;
            });
        }
        for (int i = 0; i < 8; ++i) add_append(places_[static_cast<std::size_t>(i % 2)], i);
        add_together();
        add_turn(places_[0]);
        add([in = places_[1]](conversation_store& store, event_loops& loops) {
            return code_of(loops.run(store.update_interaction(
                in.user_id, in.interaction_id, {.title = "Renamed", .pinned = true}, std::nullopt, at(50))));
        });
        add([in = places_[2]](conversation_store& store, event_loops& loops) {
            auto const code =
                code_of(loops.run(store.delete_interaction(in.user_id, in.interaction_id, std::nullopt)));
            return code == "interaction_not_found" ? "ok" : code;
        });
        add_turn(places_[1]);
        for (int i = 0; i < 4; ++i) add_append(places_[0], i);
    }

    [[nodiscard]] std::vector<step> const& steps() const { return steps_; }

    /// Everything the user has, as one comparable value.
    std::pair<std::vector<interaction>, std::vector<message>> contents(conversation_store& store,
                                                                       event_loops& loops) const {
        auto list = loops.run(store.list_interactions(user_, {.page = {.limit = 100}}));
        EXPECT_TRUE(list.has_value());
        std::vector<message> said;
        for (auto const& in : list ? list->data : std::vector<interaction>{}) {
            auto found = loops.run(store.page_of_branch(user_, in.interaction_id, {{.limit = 100}, {}}));
            EXPECT_TRUE(found.has_value());
            if (found) said.insert(said.end(), found->data.begin(), found->data.end());
        }
        return {list ? list->data : std::vector<interaction>{}, said};
    }

private:
    void add(step one) { steps_.push_back(std::move(one)); }

    void add_append(interaction const& in, int number) {
        add([in, number, id = message_id::make()](conversation_store& store, event_loops& loops) {
            std::string const text(static_cast<std::size_t>(number) * 900, 'x');
            return code_of(loops.run(store.append_message(in.user_id, in.interaction_id, id,
                                                          {message_role::user, text, {}}, at(10 + number))));
        });
    }

    /// Several in one commit, all to be repeated if one of them failed. Into an interaction each, so that
    /// their order within the commit does not matter.
    void add_together() {
        std::vector<interaction> fresh;
        for (int i = 0; i < 6; ++i) fresh.push_back(*make_interaction(user_, {}, at(20 + i)));
        add([fresh](conversation_store& store, event_loops& loops) -> std::string {
            std::vector<task<result<void>>> works;
            for (auto const& value : fresh) works.push_back(store.create_interaction(value));
            std::string worst = "ok";
            for (auto const& outcome : loops.run_all(std::move(works))) {
                auto const code = code_of(outcome);
                if (code != "ok" && code != "interaction_exists") worst = code;
            }
            return worst;
        });
    }

    void add_turn(interaction const& in) {
        turn_draft draft;
        draft.user_id = in.user_id;
        draft.interaction_id = in.interaction_id;
        draft.owner = process_id::make();
        draft.user_message_id = message_id::make();
        draft.user_message = message_draft{message_role::user, "Question", {}};
        draft.reply_id = message_id::make();
        draft.model_name = "model";
        draft.now = at(40);
        auto const lease = std::make_shared<turn_lease>();
        add([draft, lease](conversation_store& store, event_loops& loops) {
            auto const started = loops.run(store.begin_turn(draft));
            if (started) *lease = started->lease;
            return code_of(started);
        });
        add([lease](conversation_store& store, event_loops& loops) {
            return code_of(loops.run(store.checkpoint(*lease, std::string(5000, 'h'))));
        });
        add([lease](conversation_store& store, event_loops& loops) {
            turn_outcome end;
            end.content = std::string(9000, 'a');
            end.usage = token_usage{1, 2, 3, false};
            end.now = at(45);
            return code_of(loops.run(store.finish_turn(*lease, end)));
        });
    }

    user_id const user_ = user_id::make();
    std::vector<interaction> places_;
    std::vector<step> steps_;
};

struct fault_kind {
    simulated_disk::operation what;
    int code;
    int times;
};

void PrintTo(fault_kind const& kind, std::ostream* out) {
    constexpr std::array names{"open", "read", "write", "sync", "truncate"};
    *out << names[static_cast<std::size_t>(kind.what)] << " fails " << kind.times << " times with "
         << kind.code;
}

class disk_fault : public testing::TestWithParam<fault_kind> {
protected:
    /// One whole day with one fault. Returns whether it was met.
    bool run(int nth) {
        script const day;
        store_on_disk on;
        auto const [what, code, times] = GetParam();
        on.disk().fail(what, nth, code, times);
        open_despite_faults(on);
        for (std::size_t i = 0; i < day.steps().size(); ++i) repeat(on, day.steps()[i], i);
        bool const met = on.disk().failures() > 0;
        on.disk().heal();

        EXPECT_EQ(on.check(), "ok");
        memory_store oracle;
        for (auto const& one : day.steps()) EXPECT_EQ(one(oracle, on.loops()), "ok");
        auto const expected = day.contents(oracle, on.loops());
        EXPECT_EQ(day.contents(on.store(), on.loops()), expected) << "with the process alive";

        // Everything was acknowledged in the end, so all of it is on the platter.
        on.disk().kill();
        on.close();
        on.disk().restart();
        EXPECT_TRUE(on.open().has_value());
        EXPECT_EQ(on.check(), "ok");
        EXPECT_EQ(day.contents(on.store(), on.loops()), expected) << "after a power cut";
        return met;
    }

private:
    static void open_despite_faults(store_on_disk& on) {
        for (int attempt = 0; attempt < 8 && !on.is_open(); ++attempt) {
            auto const opened = on.open();
            if (opened) return;
            auto const failures = on.disk().failures();
            EXPECT_GT(failures, 0) << opened.error().message << opened.error().detail;
            EXPECT_TRUE(opened.error().code == "store_unavailable" || opened.error().code == "storage_full")
                << opened.error().code << ": " << opened.error().detail;
        }
        ASSERT_TRUE(on.is_open());
    }

    static void repeat(store_on_disk& on, step const& one, std::size_t number) {
        std::string code;
        for (int attempt = 0; attempt < 8; ++attempt) {
            auto const failures = on.disk().failures();
            code = one(on.store(), on.loops());
            if (code == "ok") return;
            EXPECT_TRUE(code == "store_unavailable" || code == "storage_full")
                << code << " in step " << number;
            EXPECT_GT(on.disk().failures(), failures) << "step " << number << " failed without a reason";
        }
        ADD_FAILURE() << "step " << number << " does not recover: " << code;
    }
};

TEST_P(disk_fault, every_one_is_told_and_survived) {
    int nth = 1;
    while (run(nth)) {
        if (HasFailure()) FAIL() << "when operation " << nth << " failed";
        nth += full_tests() || nth < 40 ? 1 : 7;
    }
    EXPECT_GT(nth, 1);
}

constexpr auto open_file = simulated_disk::operation::open;
constexpr auto read_file = simulated_disk::operation::read;
constexpr auto write_file = simulated_disk::operation::write;
constexpr auto sync_file = simulated_disk::operation::sync;
constexpr auto cut_file = simulated_disk::operation::truncate;

INSTANTIATE_TEST_SUITE_P(
    each_operation, disk_fault,
    testing::Values(fault_kind{write_file, SQLITE_IOERR_WRITE, 1}, fault_kind{write_file, SQLITE_FULL, 1},
                    fault_kind{write_file, SQLITE_FULL, 3}, fault_kind{sync_file, SQLITE_IOERR_FSYNC, 1},
                    fault_kind{sync_file, SQLITE_IOERR_FSYNC, 2}, fault_kind{open_file, SQLITE_CANTOPEN, 1},
                    fault_kind{open_file, SQLITE_CANTOPEN, 3}, fault_kind{cut_file, SQLITE_IOERR_TRUNCATE, 1},
                    fault_kind{read_file, SQLITE_IOERR_READ, 1}));

TEST(failed_sync, nothing_acknowledged_later_rests_on_what_it_lost) {
    for (std::uint64_t round = 0; round < 30; ++round) {
        store_on_disk on{1000};
        ASSERT_TRUE(on.open());
        auto const in = *make_interaction(user_id::make(), {}, at(0));
        ASSERT_TRUE(on.await(on.store().create_interaction(in)));
        auto const append = [&](std::string text) {
            return on.await(on.store().append_message(in.user_id, in.interaction_id, message_id::make(),
                                                      {message_role::user, std::move(text), {}}, at(1)));
        };
        on.disk().fail(simulated_disk::operation::sync, 1, SQLITE_IOERR_FSYNC);
        auto const failed = append(std::string(200 * (round + 1), 'b'));
        EXPECT_EQ(code_of(failed), "store_unavailable");
        bool const new_process = round % 2 == 0;
        if (new_process) {
            // It finds the commit in the log, though it is not on the platter.
            on.disk().kill();
            on.close();
            on.disk().revive();
            ASSERT_TRUE(on.open());
        }
        auto const kept = append("kept");
        ASSERT_TRUE(kept.has_value());
        on.disk().kill();
        on.close();
        on.disk().restart();
        ASSERT_TRUE(on.open());
        EXPECT_EQ(on.check(), "ok");
        auto const found = on.await(on.store().get_message(in.user_id, in.interaction_id, kept->message_id));
        ASSERT_TRUE(found.has_value()) << "lost in round " << round;
        EXPECT_EQ(*found, *kept);
    }
}

TEST(full_disk, is_told_and_over_as_soon_as_there_is_room) {
    store_on_disk on{1000};
    ASSERT_TRUE(on.open());
    auto const in = *make_interaction(user_id::make(), {}, at(0));
    ASSERT_TRUE(on.await(on.store().create_interaction(in)));
    on.disk().set_capacity(on.disk().used() + 300'000);
    std::vector<message> stored;
    result<message> last;
    for (int i = 0; i < 200 && (last || i == 0); ++i) {
        last = on.await(on.store().append_message(in.user_id, in.interaction_id, message_id::make(),
                                                  {message_role::user, std::string(3000, 'x'), {}}, at(1)));
        if (last) stored.push_back(*last);
    }
    ASSERT_FALSE(last.has_value());
    EXPECT_EQ(last.error().code, "storage_full");
    EXPECT_EQ(last.error().kind, error_kind::storage_full);
    EXPECT_GT(stored.size(), 10U);
    EXPECT_EQ(on.messages(in), stored) << "reading goes on";
    EXPECT_EQ(code_of(on.await(on.store().ping())), "storage_full");
    EXPECT_EQ(code_of(on.await(on.store().update_interaction(user_id::make(), in.interaction_id, {},
                                                             std::nullopt, at(1)))),
              "interaction_not_found")
        << "what writes nothing is still answered";
    EXPECT_EQ(code_of(on.await(on.store().ping())), "storage_full") << "and proves nothing";

    on.disk().set_capacity(SIZE_MAX);
    EXPECT_EQ(code_of(on.await(on.store().ping())), "ok") << "without any other write";
    auto const after = on.await(on.store().append_message(in.user_id, in.interaction_id, message_id::make(),
                                                          {message_role::user, "room again", {}}, at(2)));
    ASSERT_TRUE(after.has_value());
    stored.push_back(*after);
    EXPECT_EQ(on.messages(in), stored);
    EXPECT_EQ(on.check(), "ok");
}

TEST(full_disk, changes_that_need_no_room_go_on) {
    store_on_disk on{1'000'000};
    ASSERT_TRUE(on.open());
    auto const in = *make_interaction(user_id::make(), {}, at(0));
    ASSERT_TRUE(on.await(on.store().create_interaction(in)));
    on.close();
    ASSERT_TRUE(on.open());
    on.disk().set_capacity(on.disk().used() + 50'000);
    for (int i = 0; i < 100; ++i) {
        auto const changed = on.await(on.store().update_interaction(
            in.user_id, in.interaction_id, {.title = "Title " + std::to_string(i)}, std::nullopt, at(i)));
        ASSERT_TRUE(changed.has_value()) << i << changed.error().detail;
    }
    EXPECT_GT(on.disk().failures(), 0) << "the log had room enough";
    EXPECT_EQ(on.check(), "ok");
}

TEST(lost_disk, a_store_without_its_disk_says_so_and_comes_back_with_it) {
    store_on_disk on;
    ASSERT_TRUE(on.open());
    auto const in = *make_interaction(user_id::make(), {}, at(0));
    ASSERT_TRUE(on.await(on.store().create_interaction(in)));
    EXPECT_EQ(code_of(on.await(on.store().ping())), "ok");
    for (auto const what : {read_file, write_file, sync_file, open_file}) {
        on.disk().fail(what, 1, SQLITE_IOERR, 1'000'000);
    }
    auto const lost = on.await(on.store().append_message(in.user_id, in.interaction_id, message_id::make(),
                                                         {message_role::user, "x", {}}, at(1)));
    EXPECT_EQ(code_of(lost), "store_unavailable");
    EXPECT_EQ(lost.error().kind, error_kind::unavailable);
    on.disk().heal();
    EXPECT_EQ(code_of(on.await(on.store().ping())), "ok");
    auto const back = on.await(on.store().append_message(in.user_id, in.interaction_id, message_id::make(),
                                                         {message_role::user, "x", {}}, at(1)));
    EXPECT_EQ(code_of(back), "ok");
    EXPECT_EQ(on.messages(in).size(), 1U);
    EXPECT_EQ(on.check(), "ok");
}

TEST(stalled_disk, whoever_waits_is_told_in_time_and_it_goes_on_afterwards) {
    // What a busy machine does is done by then.
    store_on_disk on{1000, std::chrono::milliseconds{700}};
    ASSERT_TRUE(on.open());
    auto const in = *make_interaction(user_id::make(), {}, at(0));
    ASSERT_TRUE(on.await(on.store().create_interaction(in)));
    auto const append = [&](message_id const& id) {
        message_draft draft{message_role::user, "x", {}};
        return on.store().append_message(in.user_id, in.interaction_id, id, std::move(draft), at(1));
    };
    auto const running = message_id::make();
    auto const queued = message_id::make();
    on.disk().stall();
    // The first hangs in its commit, the second behind it.
    for (auto const& id : {running, queued}) {
        auto const late = on.await(append(id));
        ASSERT_FALSE(late.has_value());
        EXPECT_EQ(late.error().code, "store_timeout");
        EXPECT_EQ(late.error().kind, error_kind::timed_out);
    }
    EXPECT_EQ(code_of(on.await(on.store().ping())), "store_timeout");
    EXPECT_TRUE(on.await(on.store().get_interaction(in.user_id, in.interaction_id)).has_value())
        << "reading goes on";
    on.disk().end_stall();

    for (auto const& id : {running, queued}) {
        result<message> again = std::unexpected(error{});
        // The machine itself may be slow.
        for (int attempt = 0; attempt < 100 && !again; ++attempt) again = on.await(append(id));
        EXPECT_EQ(code_of(again), "ok");
    }
    EXPECT_EQ(on.messages(in).size(), 2U);
}

}  // namespace
}  // namespace parley::test
