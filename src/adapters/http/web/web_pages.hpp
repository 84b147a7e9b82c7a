// The chat page, which is what a browser gets at "/". Its files are inside the program; a build without Node
// has none, and says so there. Thread safety: built once, then only read. Ownership: the handlers live as
// long as this object.
#pragma once

#include "adapters/http/server/exchange.hpp"
#include "adapters/http/server/route_table.hpp"

#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace parley::http {

class web_pages {
public:
    /// `pack`: see page_pack.hpp; empty: there is no page. It must live as long as the program.
    explicit web_pages(std::string_view pack);
    /// What this build has.
    web_pages();

    /// "/", "/assets/{file}" and what else stands beside the page; valid as long as this object.
    [[nodiscard]] std::vector<endpoint> const& endpoints() const { return endpoints_; }

private:
    void add(std::string path, std::unique_ptr<handler> target);

    std::vector<std::unique_ptr<handler>> handlers_;
    std::deque<std::string> paths_;  // of the endpoints, which hold views
    std::vector<endpoint> endpoints_;
};

}  // namespace parley::http
