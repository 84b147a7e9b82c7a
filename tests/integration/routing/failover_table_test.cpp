// Two fakes behind one route in every combination of what each may do.
#include "route_fixture.hpp"

#include <array>
#include <string_view>

namespace parley::test {
namespace {

struct kind_case {
    error_kind kind;
    std::string_view name;
    bool fails_over;
};

constexpr std::array kinds{
    kind_case{error_kind::unavailable, "unavailable", true},
    kind_case{error_kind::overloaded, "overloaded", true},
    kind_case{error_kind::rate_limited, "rate_limited", true},
    kind_case{error_kind::timed_out, "timed_out", true},
    kind_case{error_kind::invalid, "invalid", false},
    kind_case{error_kind::conflict, "conflict", false},
    kind_case{error_kind::internal, "internal", false},
};

enum class phase { good, thinks, at_start, before_token, after_token, late, silent };

struct behaviour {
    phase when;
    kind_case kind{error_kind::unavailable, "", true};

    [[nodiscard]] fake_reply reply(std::string const& who) const {
        auto const why = error_of(kind.kind, code(who));
        switch (when) {
            case phase::good:
                return says(who);
            case phase::thinks:
                return {.steps = {generation_reasoning{"hm"}, generation_delta{who}}};
            case phase::at_start:
                return refuses(why);
            case phase::before_token:
                return fails(why);
            case phase::after_token:
                return breaks_off(who, why);
            case phase::late:
                return {.steps = {takes{60s}, failed_end(why)}};
            case phase::silent:
                break;
        }
        return is_silent();
    }
    [[nodiscard]] std::string code(std::string const& who) const {
        return who + "_" + std::string{kind.name};
    }
    [[nodiscard]] std::string name() const {
        constexpr std::array names{"good",        "thinks", "at_start", "before_token",
                                   "after_token", "late",   "silent"};
        return std::string{names.at(static_cast<std::size_t>(when))} + ":" + std::string{kind.name};
    }
    [[nodiscard]] bool fails_early() const {
        return when == phase::at_start || when == phase::before_token || when == phase::late;
    }
};

std::vector<behaviour> behaviours(bool hedged) {
    std::vector<behaviour> all{{phase::good}, {phase::thinks}, {phase::silent}};
    for (auto const& kind : kinds) {
        for (auto const when : {phase::at_start, phase::before_token, phase::after_token}) {
            all.push_back({when, kind});
        }
    }
    // A silence that ends by itself is over, or not, before the other one is asked: that is the fake's clock.
    if (!hedged) all.push_back({phase::late, kinds[3]});
    return all;
}

struct expectation {
    std::string text;
    std::string thought;
    std::string ending;  // "silent" until it was stopped
    std::string outcomes;
    std::size_t failovers = 0;
};

/// Of the one that is asked last, and alone.
void expect_last(expectation& out, behaviour const& does, std::string const& who) {
    auto const comma = out.outcomes.empty() ? "" : ", ";
    switch (does.when) {
        case phase::good:
        case phase::thinks:
            out.text = who;
            out.thought = does.when == phase::thinks ? "hm" : "";
            out.ending = "complete";
            out.outcomes += comma + who + " ok";
            return;
        case phase::after_token:
            out.text = who;
            [[fallthrough]];
        case phase::at_start:
        case phase::before_token:
        case phase::late:
            out.ending = does.code(who);
            out.outcomes += comma + who + " " + does.code(who);
            return;
        case phase::silent:
            out.ending = "silent";
            out.outcomes += comma + who + " stopped";
    }
}

expectation expected(behaviour const& a, behaviour const& b, bool hedged) {
    expectation out;
    if (a.when == phase::silent && hedged) {
        if (b.fails_early()) {
            out.ending = "silent";
            out.outcomes = "a stopped, b " + b.code("b");
        } else {
            out.outcomes = b.when == phase::silent ? "a stopped" : "a cancelled";
            expect_last(out, b, "b");
        }
    } else if (a.fails_early() && a.kind.fails_over) {
        out.outcomes = "a " + a.code("a");
        out.failovers = 1;
        expect_last(out, b, "b");
    } else {
        expect_last(out, a, "a");
    }
    return out;
}

class failover_table : public route_fixture, public ::testing::WithParamInterface<bool> {
protected:
    void check(behaviour const& does_a, behaviour const& does_b) {
        bool const hedged = GetParam();
        manual_time const time;
        seen_metrics seen;
        fake_model a{"a", time};
        fake_model b{"b", time};
        a.replies({does_a.reply("a")});
        b.replies({does_b.reply("b")});
        auto const first =
            std::make_shared<route_target>(a, target_options{.name = "a"}, seen, time.source());
        auto const second =
            std::make_shared<route_target>(b, target_options{.name = "b"}, seen, time.source());
        auto const model =
            make_routed_model({.name = "route", .hedge_after = hedged ? 3ms : 0ms, .now = time.source()},
                              {first, second}, seen);

        auto running = begin(*model);
        auto all = listen(*running, hedged ? 6ms : 24h);
        auto const ending = all.ending();
        if (!all.end) {
            running->stop();
            all.end = listen(*running).end;
            EXPECT_EQ(all.ending(), "stopped");
        }
        running.reset();
        settle();

        auto const want = expected(does_a, does_b, hedged);
        EXPECT_EQ(all.text, want.text);
        EXPECT_EQ(all.thought, want.thought);
        EXPECT_EQ(ending, want.ending);
        EXPECT_EQ(all.outcomes(), want.outcomes);
        EXPECT_EQ(seen.failovers().size(), want.failovers);
        EXPECT_EQ(first->info().running + second->info().running, 0U);
        EXPECT_EQ(*a.alive() + *b.alive(), 0);
    }
};

TEST_P(failover_table, every_combination_ends_as_it_should) {
    for (auto const& a : behaviours(GetParam())) {
        for (auto const& b : behaviours(GetParam())) {
            SCOPED_TRACE("a " + a.name() + ", b " + b.name());
            check(a, b);
        }
    }
}

INSTANTIATE_TEST_SUITE_P(routes, failover_table, ::testing::Bool(),
                         [](auto const& of) { return of.param ? "hedged" : "plain"; });

}  // namespace
}  // namespace parley::test
