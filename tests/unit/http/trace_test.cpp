#include "adapters/http/native/trace.hpp"

#include <gtest/gtest.h>

#include <string>

namespace parley::http {
namespace {

std::string passed_on(std::string const& traceparent) {
    request call;
    call.headers.push_back({"traceparent", traceparent});
    return trace_of(call).traceparent;
}

TEST(trace, passes_a_valid_traceparent_on_and_no_other) {
    std::string const good = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    EXPECT_EQ(passed_on(good), good);
    EXPECT_EQ(passed_on("cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-what_the_future_adds"),
              "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    for (std::string const bad : {"", "00", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0",
                                  "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                                  "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
                                  "00-0AF7651916CD43DD8448EB211C80319C-B7AD6B7169203331-01",
                                  "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                                  "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more"}) {
        EXPECT_EQ(passed_on(bad), "") << bad;
    }
}

TEST(trace, carries_the_request_id) {
    request call;
    call.request_id = "mine";
    EXPECT_EQ(trace_of(call).request_id, "mine");
    EXPECT_EQ(trace_of(call).traceparent, "");
}

}  // namespace
}  // namespace parley::http
