#include "support/redis/redis_server.hpp"

#include "adapters/redis/protocol.hpp"
#include "support/wait_until.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>
#include <stdexcept>

namespace parley::test {
namespace {

using boost::asio::ip::tcp;

std::string text_of(redis::reply const& said) {
    if (said.kind == redis::reply::type::integer) return std::to_string(said.number);
    if (said.kind == redis::reply::type::nil) return "(nil)";
    if (said.kind != redis::reply::type::list) return said.text;
    std::string out;
    for (auto const& one : said.items) out += (out.empty() ? "" : " ") + text_of(one);
    return out;
}

std::string format(std::vector<std::string> const& words) {
    std::vector<std::string_view> const views(words.begin(), words.end());
    return redis::format_command(views);
}

redis::reply answer_of(tcp::socket& socket, std::string const& command) {
    boost::asio::write(socket, boost::asio::buffer(command));
    redis::reply_parser parser;
    std::array<char, 4096> bytes{};
    while (true) {
        auto const size = socket.read_some(boost::asio::buffer(bytes));
        if (!parser.feed({bytes.data(), size})) throw std::runtime_error("not RESP");
        auto whole = parser.next();
        if (!whole) throw std::runtime_error("not RESP");
        if (*whole) return **whole;
    }
}

void run(std::string const& command) {
    if (std::system(command.c_str()) != 0) throw std::runtime_error(command);
}

}  // namespace

// Below those that the system gives to connections: one of these could be taken by a connection of another
// test before the server listens.
std::uint16_t free_port() {
    std::random_device chance;
    std::uniform_int_distribution<std::uint16_t> any{16'000, 32'000};
    boost::asio::io_context loop;
    while (true) {
        tcp::endpoint const wanted{boost::asio::ip::address_v4::loopback(), any(chance)};
        tcp::acceptor probe{loop, wanted.protocol()};
        boost::system::error_code taken;
        static_cast<void>(probe.bind(wanted, taken));
        if (!taken) return wanted.port();
    }
}

redis_server::redis_server(std::vector<std::string> arguments) : arguments_(std::move(arguments)) {}

void redis_server::start() {
    std::vector<std::string> command{
        "redis-server", "--bind", "127.0.0.1",   "--dir", folder_.path().string(), "--save", "",
        "--appendonly", "no",     "--daemonize", "no"};
    if (plain) command.insert(command.end(), {"--port", std::to_string(port_)});
    command.insert(command.end(), arguments_.begin(), arguments_.end());
    process_.emplace(std::move(command), folder_.path() / "redis.log");
    auto const answers = [this] {
        if (process_->has_ended()) throw std::runtime_error("redis-server ended: " + log());
        if (!plain) return log().find("Ready to accept connections") != std::string::npos;
        try {
            return ask({"PING"}) == "PONG";
        } catch (std::exception const&) {
            return false;
        }
    };
    if (!wait_until(answers)) throw std::runtime_error("redis-server does not answer: " + log());
}

void redis_server::stop(int number) {
    if (process_) process_->end(number);
    process_.reset();
}

std::string redis_server::ask(std::vector<std::string> const& words) const {
    boost::asio::io_context loop;
    tcp::socket socket{loop};
    socket.connect({boost::asio::ip::address_v4::loopback(), port_});
    if (!credentials.empty()) answer_of(socket, format(credentials));
    return text_of(answer_of(socket, format(words)));
}

std::string redis_server::log() const {
    std::ifstream in{folder_.path() / "redis.log"};
    return {std::istreambuf_iterator<char>{in}, {}};
}

void make_certificates(std::filesystem::path const& folder) {
    auto const at = "cd '" + folder.string() + "' && ";
    run(at +
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=test-ca "
        "-keyout ca.key -out ca.pem 2>/dev/null");
    run(at +
        "openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=redis -keyout "
        "server.key "
        "-out server.csr 2>/dev/null");
    std::ofstream{folder / "names.txt"} << "subjectAltName=IP:127.0.0.1,DNS:localhost\n";
    run(at +
        "openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile "
        "names.txt "
        "-out server.pem 2>/dev/null");
}

}  // namespace parley::test
