// The file of keys while the operator changes it. Time is said; what the file was changed to is seen at the
// next look, a second after the one before.
#include "modules/identity/jwk_file.hpp"

#include "support/temporary_folder.hpp"
#include "support/wait_until.hpp"
#include "unit/modules/identity/token_maker.hpp"

#include <gtest/gtest.h>

#include <sys/stat.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>
#include <utility>
#include <vector>

namespace parley::test {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;
using steady = std::chrono::steady_clock;

std::string set_named(std::string const& kid) {
    return R"({"keys":[)" + issuer().es.jwk(R"(,"kid":")" + kid + "\"") + "]}";
}

int count_of(std::string const& text, std::string_view what) {
    int count = 0;
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++count;
    return count;
}

class jwk_files : public testing::Test {
protected:
    void write(std::string const& text) const { std::ofstream{path, std::ios::binary} << text; }
    /// As tools do it that never show a half one.
    void replace(std::string const& text) const {
        auto const beside = path.string() + ".new";
        std::ofstream{beside, std::ios::binary} << text;
        fs::rename(beside, path);
    }
    void open() {
        auto made = jwk_file::open(path, [this] { return steady::time_point{now.load()}; });
        ASSERT_TRUE(made) << made.error().message;
        file = std::move(*made);
    }
    [[nodiscard]] std::string kid() const { return file->current()->keys().at(0).kid; }
    void pass(steady::duration time) { now = now.load() + time; }

    temporary_folder folder;
    fs::path path = folder.path() / "keys.json";
    std::atomic<steady::duration> now{1h};
    std::unique_ptr<jwk_file> file;
};

TEST_F(jwk_files, are_read_at_the_start) {
    auto const refused = [this] {
        auto const made = jwk_file::open(path);
        EXPECT_FALSE(made);
        EXPECT_EQ(made.error().code, "invalid_jwks");
        EXPECT_EQ(made.error().kind, error_kind::invalid);
        EXPECT_NE(made.error().message.find(path.string()), std::string::npos) << made.error().message;
        return made.error().message;
    };
    EXPECT_NE(refused().find("No such file"), std::string::npos);
    write("{");
    EXPECT_NE(refused().find("no JSON object"), std::string::npos);
    write(set_named("a") + std::string(1024UL * 1024, ' '));
    EXPECT_NE(refused().find("larger than 1 MiB"), std::string::npos);
    fs::remove(path);
    fs::create_directory(path);
    EXPECT_NE(refused().find("it is no file"), std::string::npos);
    fs::remove(path);
    write(set_named("a"));
    open();
    EXPECT_EQ(kid(), "a");
    EXPECT_EQ(file->problem(), "");
}

TEST_F(jwk_files, are_looked_at_once_a_second) {
    write(set_named("a"));
    open();
    replace(set_named("b"));
    pass(999ms);
    EXPECT_EQ(kid(), "a");
    pass(1ms);
    EXPECT_EQ(kid(), "b");
    replace(set_named("c"));
    pass(999ms);
    EXPECT_EQ(kid(), "b") << "a second from the look before";
    pass(1ms);
    EXPECT_EQ(kid(), "c");
}

TEST_F(jwk_files, are_read_only_when_they_have_changed) {
    write(set_named("a"));
    open();
    auto const first = file->current();
    pass(1h);
    EXPECT_EQ(file->current(), first);
    fs::last_write_time(path, fs::last_write_time(path) + 1h);
    pass(1s);
    auto const second = file->current();
    EXPECT_NE(second, first) << "touched: the same text, read again";
    EXPECT_EQ(first->keys().at(0).kid, "a") << "whoever holds it keeps it";
}

TEST_F(jwk_files, any_change_is_seen) {
    write(set_named("a"));
    open();
    write(set_named("longer"));
    pass(1s);
    EXPECT_EQ(kid(), "longer") << "another size, in place";
    write(set_named("shorts"));
    fs::last_write_time(path, fs::last_write_time(path) + 1h);
    pass(1s);
    EXPECT_EQ(kid(), "shorts") << "another time, the size as before";
    auto const time = fs::last_write_time(path);
    replace(set_named("others"));
    fs::last_write_time(path, time);
    pass(1s);
    EXPECT_EQ(kid(), "others") << "another file, size and time as before";
}

/// A tool that gives a copy the time of what it was copied from; new rights are seen by that, too.
TEST_F(jwk_files, one_that_was_set_back_in_time_is_seen) {
    write(set_named("a"));
    open();
    auto const changed = [this] {
        struct stat about{};
        EXPECT_EQ(::stat(path.c_str(), &about), 0);
        return std::pair{about.st_ctim.tv_sec, about.st_ctim.tv_nsec};
    };
    auto const before = changed();
    auto const time = fs::last_write_time(path);
    write(set_named("b"));
    ASSERT_TRUE(wait_until([&] {
        fs::last_write_time(path, time);
        return changed() != before;  // the system's clock for files goes in steps
    }));
    pass(1s);
    EXPECT_EQ(kid(), "b");
}

/// As Kubernetes changes what it mounts.
TEST_F(jwk_files, a_link_that_leads_elsewhere_is_followed) {
    std::ofstream{folder.path() / "one"} << set_named("a");
    std::ofstream{folder.path() / "two"} << set_named("b");
    fs::create_symlink("one", path);
    open();
    EXPECT_EQ(kid(), "a");
    fs::create_symlink("two", folder.path() / "link");
    fs::rename(folder.path() / "link", path);
    pass(1s);
    EXPECT_EQ(kid(), "b");
}

TEST_F(jwk_files, a_broken_one_leaves_the_keys_and_is_told_once_for_each_change) {
    constexpr std::string_view warning = "the keys of tokens can not be read again";
    write(set_named("a"));
    open();
    testing::internal::CaptureStderr();
    replace("{\"keys\":");
    for (int i = 0; i < 5; ++i) {
        pass(1s);
        EXPECT_EQ(kid(), "a");
    }
    EXPECT_NE(file->problem(), "");
    auto told = testing::internal::GetCapturedStderr();
    EXPECT_EQ(count_of(told, warning), 1) << told;
    EXPECT_NE(told.find(path.string()), std::string::npos) << told;

    testing::internal::CaptureStderr();
    replace("{}");
    for (int i = 0; i < 5; ++i) {
        pass(1s);
        EXPECT_EQ(kid(), "a");
    }
    told = testing::internal::GetCapturedStderr();
    EXPECT_EQ(count_of(told, warning), 1) << told;

    testing::internal::CaptureStderr();
    replace(set_named("b"));
    pass(1s);
    EXPECT_EQ(kid(), "b");
    EXPECT_EQ(file->problem(), "");
    told = testing::internal::GetCapturedStderr();
    EXPECT_EQ(count_of(told, warning), 0) << told;
}

TEST_F(jwk_files, one_that_is_gone_leaves_the_keys_until_there_is_another) {
    write(set_named("a"));
    open();
    testing::internal::CaptureStderr();
    fs::remove(path);
    for (int i = 0; i < 5; ++i) {
        pass(1s);
        EXPECT_EQ(kid(), "a");
    }
    EXPECT_EQ(file->problem(), "No such file or directory.");
    auto const told = testing::internal::GetCapturedStderr();
    EXPECT_EQ(count_of(told, "can not be read again"), 1) << told;
    fs::create_directory(path);
    pass(1s);
    EXPECT_EQ(kid(), "a");
    EXPECT_EQ(file->problem(), "it is no file.");
    fs::remove(path);
    write(set_named("b"));
    pass(1s);
    EXPECT_EQ(kid(), "b");
    EXPECT_EQ(file->problem(), "");
}

/// A writer that is not done yet is seen to the end by the next looks.
TEST_F(jwk_files, one_that_is_written_in_pieces) {
    write(set_named("a"));
    open();
    auto const whole = set_named("b");
    for (std::size_t size = 0; size < whole.size(); size += 20) {
        write(whole.substr(0, size));
        pass(1s);
        EXPECT_EQ(kid(), "a");
    }
    write(whole);
    pass(1s);
    EXPECT_EQ(kid(), "b");
}

TEST_F(jwk_files, are_shared_by_many_threads) {
    write(set_named("a"));
    open();
    std::atomic<bool> done = false;
    std::atomic<int> odd = 0;
    std::vector<std::thread> readers;
    for (int i = 0; i < 4; ++i) {
        readers.emplace_back([&] {
            while (!done) {
                auto const keys = file->current();
                if (!keys || keys->keys().size() != 1) ++odd;
            }
        });
    }
    for (int i = 0; i < 100; ++i) {
        replace(set_named("k" + std::to_string(i)));
        pass(1s);
        static_cast<void>(file->current());
    }
    done = true;
    for (auto& one : readers) one.join();
    EXPECT_EQ(odd, 0);
    replace(set_named("the last"));
    pass(1s);
    EXPECT_EQ(kid(), "the last");
}

}  // namespace
}  // namespace parley::test
