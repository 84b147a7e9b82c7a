#include "adapters/http/server/route_table.hpp"

#include "adapters/http/server/target.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace parley::http {
namespace {

constexpr std::size_t max_parameters = 8;

/// Values of the parameters on the way down, still encoded.
struct captures {
    std::array<std::string_view, max_parameters> values{};
    std::size_t count = 0;
};

/// "/a/b" → "a", rest "/b". The rest is empty after the last segment.
std::string_view first_segment(std::string_view path) { return path.substr(1, path.find('/', 1) - 1); }
std::string_view after_segment(std::string_view path) { return path.substr(first_segment(path).size() + 1); }

bool is_parameter(std::string_view segment) { return segment.starts_with('{') && segment.ends_with('}'); }

bool segment_equals(std::string_view literal, std::string_view sent) {
    if (sent.find('%') == std::string_view::npos) return literal == sent;
    std::string decoded;
    return percent_decode(sent, decoded) && decoded == literal;
}

}  // namespace

/// One position in the tree of segments.
struct route_table::node {
    std::vector<std::pair<std::string_view, std::unique_ptr<node>>> literals;
    std::unique_ptr<node> parameter;
    std::vector<endpoint const*> methods;
    std::string_view path_template;
    std::string allow;

    node& child(std::string_view segment) {
        if (is_parameter(segment)) {
            if (!parameter) parameter = std::make_unique<node>();
            return *parameter;
        }
        for (auto& [name, next] : literals) {
            if (name == segment) return *next;
        }
        return *literals.emplace_back(segment, std::make_unique<node>()).second;
    }

    void add(endpoint const& one) {
        auto const same = [&one](endpoint const* other) { return other->method == one.method; };
        if (std::ranges::any_of(methods, same) || (!methods.empty() && path_template != one.path_template)) {
            throw std::logic_error("endpoint twice in the route table: " + std::string(one.path_template));
        }
        methods.push_back(&one);
        path_template = one.path_template;
    }

    void write_allow() {
        for (auto const* one : methods) {
            allow += one->method;
            allow += one->method == "GET" ? ", HEAD, " : ", ";
        }
        if (!methods.empty()) allow += "OPTIONS";
        for (auto& [name, next] : literals) next->write_allow();
        if (parameter) parameter->write_allow();
    }

    [[nodiscard]] node const* find(std::string_view path, captures& found) const {
        if (path.empty()) return methods.empty() ? nullptr : this;
        auto const segment = first_segment(path);
        auto const rest = after_segment(path);
        for (auto const& [name, next] : literals) {
            if (!segment_equals(name, segment)) continue;
            if (auto const* end = next->find(rest, found)) return end;
        }
        if (!parameter || segment.empty() || found.count == max_parameters) return nullptr;
        auto const mine = found.count;
        found.values[found.count++] = segment;
        auto const* end = parameter->find(rest, found);
        if (!end) found.count = mine;
        return end;
    }

    [[nodiscard]] endpoint const* method_named(std::string_view name) const {
        for (auto const* one : methods) {
            if (one->method == name) return one;
        }
        return name == "HEAD" ? method_named("GET") : nullptr;
    }
};

route_table::route_table(std::vector<endpoint> endpoints)
    : endpoints_(std::move(endpoints)),
      root_(std::make_unique<node>()) {
    for (auto const& one : endpoints_) {
        auto* at = root_.get();
        for (auto path = one.path_template; !path.empty(); path = after_segment(path)) {
            at = &at->child(first_segment(path));
        }
        at->add(one);
    }
    root_->write_allow();
}

route_table::~route_table() = default;

route_match route_table::match(std::string_view method, std::string_view path,
                               std::vector<std::string> recycled) const {
    route_match answer;
    answer.parameters = std::move(recycled);
    captures found;
    auto const* end = path.starts_with('/') ? root_->find(path, found) : nullptr;
    answer.parameters.resize(end ? found.count : 0);
    if (!end) return answer;
    for (std::size_t i = 0; i < found.count; ++i) {
        if (!percent_decode(found.values[i], answer.parameters[i])) return {};
    }
    answer.found = end->method_named(method);
    answer.allow = end->allow;
    answer.path_template = end->path_template;
    return answer;
}

}  // namespace parley::http
