#include "adapters/http/server/response_head.hpp"

#include <gtest/gtest.h>

namespace parley::http {
namespace {

std::string head_of(response const& reply, head_facts const& facts) {
    std::string out = "old";
    write_head(out, reply, facts);
    return out;
}

bool has(std::string const& head, std::string const& line) {
    return head.find("\r\n" + line + "\r\n") != std::string::npos;
}

TEST(write_head, an_ordinary_answer) {
    auto const head = head_of({}, {.request_id = "id-1", .length = 12});
    EXPECT_TRUE(head.starts_with("HTTP/1.1 200 OK\r\n"));
    EXPECT_TRUE(head.ends_with("\r\n\r\n"));
    EXPECT_TRUE(has(head, "X-Request-Id: id-1"));
    EXPECT_TRUE(has(head, "Content-Type: application/json"));
    EXPECT_TRUE(has(head, "Content-Length: 12"));
    EXPECT_TRUE(has(head, "Cache-Control: no-store"));
    EXPECT_TRUE(has(head, "X-Content-Type-Options: nosniff"));
    EXPECT_NE(head.find("\r\nDate: "), std::string::npos);
    EXPECT_NE(head.find(" GMT\r\n"), std::string::npos);
    EXPECT_EQ(head.find("Connection:"), std::string::npos);
}

TEST(write_head, a_handlers_cache_control_stands_alone) {
    response reply;
    reply.headers.push_back({"cache-control", "max-age=60"});
    auto const head = head_of(reply, {});
    EXPECT_TRUE(has(head, "cache-control: max-age=60"));
    EXPECT_EQ(head.find("no-store"), std::string::npos);
}

TEST(write_head, no_content_has_neither_type_nor_length) {
    response reply;
    reply.status = 204;
    reply.content_type.clear();
    auto const head = head_of(reply, {});
    EXPECT_TRUE(head.starts_with("HTTP/1.1 204 No Content\r\n"));
    EXPECT_EQ(head.find("Content-"), head.find("Content-Type-Options"));
    EXPECT_EQ(head.find("Content-Length"), std::string::npos);
}

TEST(write_head, says_what_becomes_of_the_connection) {
    EXPECT_TRUE(has(head_of({}, {.keep_alive = false}), "Connection: close"));
    EXPECT_TRUE(has(head_of({}, {.http_1_1 = false}), "Connection: keep-alive"));
    EXPECT_TRUE(has(head_of({}, {.body = framing::chunked}), "Transfer-Encoding: chunked"));
    EXPECT_EQ(head_of({}, {.body = framing::until_close}).find("Content-Length"), std::string::npos);
}

TEST(write_head, a_value_can_not_begin_another_header) {
    response reply;
    reply.headers.push_back({"Location", "/a\r\nSet-Cookie: x\x7f"});
    EXPECT_TRUE(has(head_of(reply, {}), "Location: /aSet-Cookie: x"));
}

}  // namespace
}  // namespace parley::http
