// libFuzzer target for the path of a request: bytes as a client sends them, cut into pieces, through the real
// session, parser, route table and handlers, without a socket. The first byte says into how many pieces the
// rest is cut.
#include "support/http/memory_stream.hpp"
#include "support/http/tiny_handlers.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace {

using namespace parley::http;

struct target_server {
    tiny_site site;
    parley::no_metrics telemetry;
    session_context context{parley::server_config{}, site.routes, telemetry, host_guard("127.0.0.1"),
                            request_logging::none};
};

std::vector<std::string> cut(std::string_view bytes, std::size_t count) {
    auto const size = bytes.size() / count + 1;
    std::vector<std::string> pieces;
    for (; !bytes.empty(); bytes.remove_prefix(std::min(size, bytes.size())))
        pieces.emplace_back(bytes.substr(0, size));
    return pieces;
}

/// Whatever came in: what goes out is nothing, or begins with a status line.
void check(std::string const& answers) {
    if (!answers.empty() && !answers.starts_with("HTTP/1.1 ")) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    static target_server server;
    if (size == 0) return 0;
    std::string_view const bytes(reinterpret_cast<char const*>(data) + 1, size - 1);
    check(serve_in_memory(server.context, cut(bytes, std::size_t{data[0]} % 16 + 1)));
    return 0;
}
