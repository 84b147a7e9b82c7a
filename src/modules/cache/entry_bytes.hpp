// Writes and reads the fields of a cache entry: fixed-width little-endian numbers, texts and lists with their
// length before them, a byte before what may be absent. Thread safety: one object belongs to one caller.
#pragma once

#include "common/id.hpp"
#include "common/timestamp.hpp"
#include "entities/attributes.hpp"
#include "entities/settings.hpp"

#include <bit>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley {

class entry_writer {
public:
    explicit entry_writer(std::string& out) : out_(out) {}

    template <class... Fields>
    void operator()(Fields const&... fields) {
        (put(fields), ...);
    }

private:
    void put(bool value) { out_.push_back(value ? '\1' : '\0'); }
    void put(prompt_role value) { out_.push_back(static_cast<char>(value)); }
    void put(busy_policy value) { out_.push_back(static_cast<char>(value)); }
    void put(masked value) { out_.push_back(static_cast<char>(value)); }
    void put(std::int64_t value) { put_number(static_cast<std::uint64_t>(value)); }
    void put(double value) { put_number(std::bit_cast<std::uint64_t>(value)); }
    void put(timestamp value) { put(to_unix_ms(value)); }
    void put(std::string const& value) {
        put_number(static_cast<std::uint32_t>(value.size()));
        out_ += value;
    }
    void put(tool_definition const& value) { (*this)(value.name, value.description, value.parameters); }
    void put(response_format const& value) { (*this)(value.name, value.schema); }
    template <class Tag>
    void put(id<Tag> const& value) {
        out_.append(value.value.begin(), value.value.end());
    }
    template <class Value>
    void put(std::optional<Value> const& value) {
        put(value.has_value());
        if (value) put(*value);
    }
    template <class Value>
    void put(std::vector<Value> const& values) {
        put_number(static_cast<std::uint32_t>(values.size()));
        for (auto const& one : values) put(one);
    }
    void put(attributes const& values) {
        put_number(static_cast<std::uint32_t>(values.size()));
        for (auto const& [key, value] : values) (*this)(key, value);
    }

    template <class Number>
    void put_number(Number value) {
        for (std::size_t i = 0; i < sizeof value; ++i) out_.push_back(static_cast<char>(value >> (8 * i)));
    }

    std::string& out_;
};

/// After a field that could not be read all later ones are left as they are; see ended_well().
class entry_reader {
public:
    explicit entry_reader(std::string_view in) : in_(in) {}

    template <class... Fields>
    void operator()(Fields&... fields) {
        (get(fields), ...);
    }

    /// Everything could be read, and nothing is left.
    [[nodiscard]] bool ended_well() const { return !failed_ && in_.empty(); }

private:
    void get(bool& value) {
        auto const byte = take(1);
        if (byte.empty()) return;
        value = byte[0] != 0;
        failed_ = byte[0] != 0 && byte[0] != 1;
    }
    void get(prompt_role& value) { get_word(value, prompt_role::user); }
    void get(busy_policy& value) { get_word(value, busy_policy::interrupt); }
    void get(masked& value) { get_word(value, masked::card); }
    void get(std::int64_t& value) { value = static_cast<std::int64_t>(number<std::uint64_t>()); }
    void get(double& value) { value = std::bit_cast<double>(number<std::uint64_t>()); }
    void get(timestamp& value) { value = from_unix_ms(static_cast<std::int64_t>(number<std::uint64_t>())); }
    void get(std::string& value) { value = take(number<std::uint32_t>()); }
    void get(tool_definition& value) { (*this)(value.name, value.description, value.parameters); }
    void get(response_format& value) { (*this)(value.name, value.schema); }
    template <class Tag>
    void get(id<Tag>& value) {
        auto const bytes = take(value.value.size());
        if (!bytes.empty()) std::memcpy(value.value.data(), bytes.data(), bytes.size());
    }
    template <class Value>
    void get(std::optional<Value>& value) {
        bool present = false;
        get(present);
        if (present && !failed_) get(value.emplace());
    }
    template <class Value>
    void get(std::vector<Value>& values) {
        for (auto left = number<std::uint32_t>(); left > 0 && !failed_; --left) get(values.emplace_back());
    }
    void get(attributes& values) {
        for (auto left = number<std::uint32_t>(); left > 0 && !failed_; --left) {
            std::pair<std::string, std::string> one;
            (*this)(one.first, one.second);
            values.insert(values.end(), std::move(one));  // they were written in order
        }
    }

    template <class Word>
    void get_word(Word& value, Word last) {
        auto const byte = take(1);
        if (byte.empty()) return;
        value = static_cast<Word>(byte[0]);
        failed_ = byte[0] < 0 || value > last;
    }

    template <class Number>
    Number number() {
        auto const bytes = take(sizeof(Number));
        Number value = 0;
        for (std::size_t i = 0; i < bytes.size(); ++i)
            value |=
                static_cast<Number>(static_cast<Number>(static_cast<unsigned char>(bytes[i])) << (8 * i));
        return value;
    }

    /// Empty when there is not so much.
    std::string_view take(std::size_t size) {
        if (failed_ || in_.size() < size) {
            failed_ = true;
            return {};
        }
        auto const taken = in_.substr(0, size);
        in_.remove_prefix(size);
        return taken;
    }

    std::string_view in_;
    bool failed_ = false;
};

}  // namespace parley
