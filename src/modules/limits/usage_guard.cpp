#include "modules/limits/usage_guard.hpp"

#include "modules/limits/effective_limits.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace parley {
namespace {

using namespace std::chrono_literals;

constexpr auto reply_life = 3 * reply_stay;
constexpr auto some_reply_ends = 2'000ms;  // nobody knows when

std::string request_key(user_id const& user) { return "requests:user:" + user.text(); }
std::string request_key(key_id const& key) { return "requests:key:" + key.text(); }
std::string stream_key(user_id const& user) { return "streams:user:" + user.text(); }
std::string stream_key(key_id const& key) { return "streams:key:" + key.text(); }
std::string reply_key(user_id const& user) { return "replies:user:" + user.text(); }
std::string reply_key(key_id const& key) { return "replies:key:" + key.text(); }
std::string token_key(key_id const& key, timestamp now) {
    return "tokens:key:" + key.text() + ":" + to_rfc3339(now).substr(0, 10);
}

timestamp next_day(timestamp now) {
    return timestamp{std::chrono::floor<std::chrono::days>(now) + std::chrono::days{1}};
}

std::unexpected<error> refuse(std::string code, std::string why, spent_limit what,
                              std::chrono::milliseconds retry_after) {
    return std::unexpected(
        error{error_kind::rate_limited, std::move(code), std::move(why), {}, {}, retry_after, what});
}

std::unexpected<error> no_room(std::string code, std::string why, place const& full) {
    return refuse(std::move(code), std::move(why), {full.limit, full.most, {}}, some_reply_ends);
}

std::unexpected<error> no_tokens_left(std::string_view whose, std::int64_t most, timestamp now) {
    return refuse("no_tokens_left", "The tokens of this day (UTC) are used up.",
                  {whose, most, std::chrono::days{1}}, next_day(now) - now);
}

std::int64_t tokens_of(std::vector<usage_day> const& days) {
    std::int64_t sum = 0;
    for (auto const& one : days) sum += one.input_tokens + one.output_tokens;
    return sum;
}

}  // namespace

usage_guard::usage_guard(limiter& counts, usage_store& usage, clock const& time, usage_limits defaults,
                         std::chrono::milliseconds silence)
    : counts_(counts),
      usage_(usage),
      time_(time),
      defaults_(defaults),
      stream_life_(std::max<std::chrono::milliseconds>(3 * stream_stay, 2 * silence + stream_stay)) {}

task<std::vector<request_allowance>> usage_guard::take_request(caller const& who) {
    std::vector<request_allowance> out;
    auto const of_user = effective(who.of_user, defaults_).requests_per_minute;
    auto const of_key = who.key_id ? effective(who.of_key, {}).requests_per_minute : std::nullopt;
    if (!of_user && !of_key) co_return out;
    auto const now = time_.now();
    if (of_key) {
        rate_limit const rate{*of_key, 1min};
        auto const taken = co_await counts_.take(request_key(*who.key_id), rate, now);
        if (taken) out.push_back({"key", rate, *taken});
        if (taken && !taken->is_allowed) co_return out;
    }
    if (of_user) {
        rate_limit const rate{*of_user, 1min};
        auto const taken = co_await counts_.take(request_key(who.user_id), rate, now);
        if (taken) out.push_back({"user", rate, *taken});
    }
    co_return out;
}

task<result<std::unique_ptr<stream_place>>> usage_guard::open_stream(caller const& who) {
    std::vector<place> wanted;
    if (auto const most = effective(who.of_user, defaults_).concurrent_streams)
        wanted.push_back({stream_key(who.user_id), "user-streams", *most});
    if (auto const most = effective(who.of_key, {}).concurrent_streams; most && who.key_id)
        wanted.push_back({stream_key(*who.key_id), "key-streams", *most});
    if (wanted.empty()) co_return nullptr;
    auto held = std::make_unique<held_places>(counts_, time_, std::move(wanted), stream_life_);
    auto const full = co_await held->enter();
    if (full) {
        co_return no_room("too_many_streams", "As many event streams are open as may be at once.", *full);
    }
    co_return std::unique_ptr<stream_place>{std::move(held)};
}

task<result<void>> usage_guard::enter(turn_request const& asked) {
    auto const tokens = co_await check_tokens(asked);
    if (!tokens) co_return tokens;
    auto const of_user = effective(asked.allowed.of_user, defaults_).queued_generations;
    auto const of_key = effective(asked.allowed.of_key, {}).queued_generations;
    std::vector<place> wanted;
    if (of_user) wanted.push_back({reply_key(asked.user_id), "user-replies", *of_user});
    if (of_key && asked.allowed.key_id)
        wanted.push_back({reply_key(*asked.allowed.key_id), "key-replies", *of_key});
    auto const now = time_.now();
    auto const full = co_await enter_all(counts_, wanted, asked.ids.reply.text(), reply_life, now);
    if (full) {
        co_return no_room("too_many_generations",
                          "As many replies wait or are being written as may be at once.", *full);
    }
    admission let_in{asked.user_id, asked.interaction_id, std::move(wanted), std::nullopt, now};
    if (effective(asked.allowed.of_key, {}).tokens_per_day) let_in.key = asked.allowed.key_id;
    if (!let_in.places.empty() || let_in.key) {
        std::scoped_lock const lock{guard_};
        admitted_.insert_or_assign(asked.ids.reply, std::move(let_in));
    }
    co_return result<void>{};
}

/// What runs already is not counted: a day may end a few replies above its limit.
task<result<void>> usage_guard::check_tokens(turn_request const& asked) {
    auto const now = time_.now();
    if (auto const most = effective(asked.allowed.of_user, defaults_).tokens_per_day) {
        auto const today = std::chrono::floor<std::chrono::days>(now);
        auto const used = co_await usage_.usage_by_day(asked.user_id, today, today);
        if (!used) co_return std::unexpected(used.error());
        if (tokens_of(*used) >= *most) co_return no_tokens_left("user-tokens", *most, now);
    }
    auto const most = effective(asked.allowed.of_key, {}).tokens_per_day;
    if (most && asked.allowed.key_id) {
        auto const used = co_await counts_.sum_of(token_key(*asked.allowed.key_id, now), now);
        if (used && *used >= *most) co_return no_tokens_left("key-tokens", *most, now);
    }
    co_return result<void>{};
}

void usage_guard::refused(turn_request const& asked) {
    if (auto const gone = forget(asked.ids.reply)) leave_all(counts_, gone->places, asked.ids.reply.text());
}

void usage_guard::over(user_id user, message const& reply) {
    auto const who = reply.message_id.text();
    auto const gone = forget(reply.message_id);
    // Whom another process has let in has its place there all the same.
    if (!gone) return counts_.leave(reply_key(user), who);
    leave_all(counts_, gone->places, who);
    if (!gone->key || !reply.usage) return;
    auto const now = time_.now();
    counts_.add(token_key(*gone->key, now), reply.usage->input_tokens + reply.usage->output_tokens,
                next_day(now), now);
}

std::vector<admitted_reply> usage_guard::admitted() {
    auto const before = time_.now() - reply_stay;
    std::vector<admitted_reply> out;
    std::scoped_lock const lock{guard_};
    for (auto const& [reply, one] : admitted_) {
        if (one.since <= before) out.push_back({one.user, one.interaction, reply});
    }
    return out;
}

task<void> usage_guard::stay(message_id reply) {
    auto const held = find(reply);
    if (!held) co_return;
    auto const who = reply.text();
    co_await stay_in_all(counts_, held->places, who, reply_life, time_.now());
    // It may have ended meanwhile, before its places were taken once more.
    if (!find(reply)) leave_all(counts_, held->places, who);
}

std::optional<usage_guard::admission> usage_guard::forget(message_id const& reply) {
    std::scoped_lock const lock{guard_};
    auto const found = admitted_.find(reply);
    if (found == admitted_.end()) return std::nullopt;
    std::optional<admission> out{std::move(found->second)};
    admitted_.erase(found);
    return out;
}

std::optional<usage_guard::admission> usage_guard::find(message_id const& reply) {
    std::scoped_lock const lock{guard_};
    auto const found = admitted_.find(reply);
    return found == admitted_.end() ? std::nullopt : std::optional<admission>{found->second};
}

}  // namespace parley
