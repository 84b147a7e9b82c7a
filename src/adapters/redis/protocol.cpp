#include "adapters/redis/protocol.hpp"

#include <hiredis/hiredis.h>

#include <new>
#include <utility>
#include <vector>

namespace parley::redis {
namespace {

struct reader_closer {
    void operator()(redisReader* reader) const { redisReaderFree(reader); }
};

struct reply_closer {
    void operator()(redisReply* raw) const { freeReplyObject(raw); }
};

std::unexpected<error> not_the_protocol(char const* what) {
    return fail(error_kind::malformed, "redis_protocol", "The server does not speak Redis's protocol.", {},
                what);
}

reply::type type_of(int raw) {
    switch (raw) {
        case REDIS_REPLY_STRING:
            return reply::type::text;
        case REDIS_REPLY_STATUS:
            return reply::type::status;
        case REDIS_REPLY_ERROR:
            return reply::type::error;
        case REDIS_REPLY_INTEGER:
            return reply::type::integer;
        case REDIS_REPLY_ARRAY:
            return reply::type::list;
        default:
            return reply::type::nil;
    }
}

// The reader nests no deeper than eight levels.
reply copy_of(redisReply const& raw) {
    reply out;
    out.kind = type_of(raw.type);
    if (raw.str != nullptr) out.text.assign(raw.str, raw.len);
    if (out.kind == reply::type::integer) out.number = raw.integer;
    if (out.kind == reply::type::list) {
        out.items.reserve(raw.elements);
        for (std::size_t i = 0; i < raw.elements; ++i) out.items.push_back(copy_of(*raw.element[i]));
    }
    return out;
}

}  // namespace

std::string format_command(std::span<std::string_view const> words) {
    std::vector<char const*> starts;
    std::vector<std::size_t> sizes;
    for (auto const word : words) {
        starts.push_back(word.data());
        sizes.push_back(word.size());
    }
    char* raw = nullptr;
    auto const size =
        redisFormatCommandArgv(&raw, static_cast<int>(words.size()), starts.data(), sizes.data());
    if (size < 0) throw std::bad_alloc{};
    std::string out(raw, static_cast<std::size_t>(size));
    redisFreeCommand(raw);
    return out;
}

struct reply_parser::state {
    std::unique_ptr<redisReader, reader_closer> reader{redisReaderCreate()};
};

reply_parser::reply_parser() : state_(std::make_unique<state>()) {
    if (!state_->reader) throw std::bad_alloc{};
}

reply_parser::~reply_parser() = default;

result<void> reply_parser::feed(std::string_view bytes) {
    auto& reader = *state_->reader;
    if (redisReaderFeed(&reader, bytes.data(), bytes.size()) != REDIS_OK)
        return not_the_protocol(reader.errstr);
    if (reader.len - reader.pos > largest_reply) return not_the_protocol("a reply is too large");
    return {};
}

result<std::optional<reply>> reply_parser::next() {
    auto& reader = *state_->reader;
    void* raw = nullptr;
    if (redisReaderGetReply(&reader, &raw) != REDIS_OK) return not_the_protocol(reader.errstr);
    if (raw == nullptr) return std::optional<reply>{};
    std::unique_ptr<redisReply, reply_closer> const whole{static_cast<redisReply*>(raw)};
    return copy_of(*whole);
}

}  // namespace parley::redis
