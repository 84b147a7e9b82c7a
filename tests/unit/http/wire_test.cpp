#include "adapters/http/native/if_match.hpp"
#include "adapters/http/wire/cursor.hpp"
#include "adapters/http/wire/entities.hpp"
#include "adapters/http/wire/json_writer.hpp"
#include "adapters/http/wire/object_reader.hpp"
#include "adapters/http/wire/query_reader.hpp"
#include "adapters/http/wire/requests.hpp"

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

#include <string>

namespace parley::http {
namespace {

std::string refusal_of(std::string_view body, std::string_view content_type = "application/json") {
    auto const object = parse_object(content_type, body);
    return object ? std::string{"accepted"} : object.error().code;
}

template <class Read>
std::string refusal_by(Read const& read, std::string_view body) {
    auto const object = parse_object("application/json", body);
    auto const outcome = read(*object);
    return outcome ? std::string{"accepted"} : outcome.error().code + "@" + outcome.error().param;
}

TEST(body, must_be_one_json_object) {
    EXPECT_EQ(refusal_of("{}"), "accepted");
    EXPECT_EQ(refusal_of("{}", "application/json; charset=utf-8"), "accepted");
    EXPECT_EQ(refusal_of("{}", "text/plain"), "unsupported_media_type");
    EXPECT_EQ(parse_object(std::nullopt, "{}").error().code, "unsupported_media_type");
    EXPECT_EQ(refusal_of("[]"), "invalid_type");
    EXPECT_EQ(refusal_of(""), "malformed_json");
    EXPECT_EQ(refusal_of("{"), "malformed_json");
    EXPECT_EQ(refusal_of("{} {}"), "malformed_json");
    EXPECT_EQ(refusal_of("{\"a\":\"\xff\"}"), "malformed_json");
    EXPECT_EQ(refusal_of(R"({"a":"\ud800"})"), "malformed_json");
    EXPECT_EQ(refusal_of(std::string(40, '[') + std::string(40, ']')), "malformed_json");
}

TEST(body, must_not_repeat_a_name) {
    EXPECT_EQ(refusal_of(R"({"a":1,"a":2})"), "malformed_json");
    EXPECT_EQ(refusal_of(R"({"a":1,"\u0061":2})"), "malformed_json");
    EXPECT_EQ(refusal_of(R"({"x":{"a":1,"b":2,"a":3}})"), "malformed_json");
    EXPECT_EQ(refusal_of(R"({"x":{"a":1},"y":{"a":1},"a":1})"), "accepted");
}

TEST(body, reports_field_and_path) {
    EXPECT_EQ(refusal_by(read_interaction_draft, R"({"titel":"x"})"), "unknown_field@titel");
    EXPECT_EQ(refusal_by(read_interaction_draft, R"({"title":1})"), "invalid_type@title");
    EXPECT_EQ(refusal_by(read_interaction_draft, R"({"settings":{"temperature":"hot"}})"),
              "invalid_type@settings.temperature");
    EXPECT_EQ(refusal_by(read_interaction_draft, R"({"settings":{"temp":1}})"),
              "unknown_field@settings.temp");
    EXPECT_EQ(refusal_by(read_interaction_draft, R"({"settings":{"seed":1.5}})"),
              "invalid_type@settings.seed");
    EXPECT_EQ(refusal_by(read_interaction_draft, R"({"settings":{"seed":3.0,"temperature":1}})"), "accepted");
    EXPECT_EQ(refusal_by(read_interaction_draft, R"({"settings":{"role":"boss"}})"),
              "invalid_settings@settings.role");
    EXPECT_EQ(refusal_by(read_interaction_draft, R"({"metadata":{"a":1}})"), "invalid_type@metadata");
    EXPECT_EQ(refusal_by(read_message_request, "{}"), "missing_field@content");
    EXPECT_EQ(refusal_by(read_message_request, R"({"content":5})"), "invalid_type@content");
    EXPECT_EQ(refusal_by(read_message_request, R"({"content":""})"), "invalid_content@content");
    EXPECT_EQ(refusal_by(read_message_request, R"({"content":"x","role":"assistant"})"), "invalid_role@role");
    EXPECT_EQ(refusal_by(read_message_request, R"({"content":[{"type":"input_audio","text":"x"}]})"),
              "unsupported_part@content");
    EXPECT_EQ(refusal_by(read_message_request, R"({"content":[{"type":"image_url","text":"x"}]})"),
              "missing_field@content");
    EXPECT_EQ(refusal_by(read_message_request, R"({"content":[{"type":"text"}]})"), "missing_field@content");
    EXPECT_EQ(refusal_by(read_message_request, R"({"content":[{"type":"text","text":"x","y":1}]})"),
              "unknown_field@content.y");
}

TEST(body, null_resets_a_setting) {
    auto const object =
        parse_object("application/json", R"({"settings":{"temperature":null,"seed":4,"stop":null}})");
    auto const patch = read_interaction_patch(*object);
    ASSERT_TRUE(patch && patch->settings);
    ASSERT_TRUE(patch->settings->temperature.has_value());
    EXPECT_FALSE(patch->settings->temperature->has_value());
    ASSERT_TRUE(patch->settings->seed.has_value());
    EXPECT_EQ(patch->settings->seed->value_or(0), 4);
    EXPECT_EQ(patch->settings->stop, std::vector<std::string>{});
    EXPECT_FALSE(patch->settings->prompt.has_value());
}

TEST(body, settings_say_what_is_masked_and_what_stands_around) {
    auto const object = parse_object(
        "application/json",
        R"({"settings":{"on_busy":"queue","mask":["card","email","card"],"content_template":"<{{content}}>"}})");
    auto const patch = read_interaction_patch(*object);
    ASSERT_TRUE(patch && patch->settings);
    EXPECT_EQ(patch->settings->on_busy, busy_policy::queue);
    EXPECT_EQ(patch->settings->mask, (std::vector{masked::email, masked::card}));
    EXPECT_EQ(patch->settings->content_template, std::optional<std::string>{"<{{content}}>"});

    auto const reset = parse_object("application/json",
                                    R"({"settings":{"on_busy":null,"mask":null,"content_template":null}})");
    auto const back = read_interaction_patch(*reset);
    ASSERT_TRUE(back && back->settings);
    EXPECT_EQ(back->settings->on_busy, busy_policy::reject);
    EXPECT_EQ(back->settings->mask, std::vector<masked>{});
    ASSERT_TRUE(back->settings->content_template.has_value());
    EXPECT_FALSE(back->settings->content_template->has_value());

    EXPECT_EQ(refusal_by(read_interaction_draft, R"({"settings":{"on_busy":"wait"}})"),
              "invalid_settings@settings.on_busy");
    EXPECT_EQ(refusal_by(read_interaction_draft, R"({"settings":{"mask":["email","fax"]}})"),
              "invalid_settings@settings.mask");
    EXPECT_EQ(refusal_by(read_interaction_draft, R"({"settings":{"mask":[1]}})"),
              "invalid_type@settings.mask");
    EXPECT_EQ(refusal_by(read_interaction_draft, R"({"settings":{"content_template":"{{ content }}"}})"),
              "invalid_settings@settings.content_template");
}

TEST(writer, settings_have_all_their_members) {
    std::string text;
    json_writer out{text};
    write(out, settings{.on_busy = busy_policy::interrupt,
                        .content_template = "<{{content}}>",
                        .mask = {masked::email, masked::phone}});
    EXPECT_EQ(text,
              R"({"model_name":null,"role":"system","prompt":null,"temperature":null,"top_p":null,)"
              R"("max_output_tokens":null,"stop":[],"seed":null,"on_busy":"interrupt",)"
              R"("content_template":"<{{content}}>","mask":["email","phone"],"tools":[],"tool_choice":null,)"
              R"("response_format":null})");
}

request asking(std::vector<field> query) {
    request call;
    call.query = std::move(query);
    return call;
}

TEST(query, is_read_strictly) {
    auto const limit = [](std::string text) {
        auto const call = asking({{"limit", std::move(text)}});
        query_reader in{call, {"limit"}};
        auto const number = in.limit();
        return in.failure() ? in.failure()->code : std::to_string(number);
    };
    EXPECT_EQ(limit("1"), "1");
    EXPECT_EQ(limit("100"), "100");
    for (auto const* bad : {"0", "101", "-1", "1.0", "", "x", " 5", "+5", "99999999999999999999"}) {
        EXPECT_EQ(limit(bad), "invalid_parameter") << bad;
    }
    auto const unknown = asking({{"limits", "1"}});
    EXPECT_EQ(query_reader(unknown, {"limit"}).failure()->code, "unknown_parameter");
    auto const twice = asking({{"limit", "1"}, {"limit", "2"}});
    EXPECT_EQ(query_reader(twice, {"limit"}).failure()->code, "invalid_parameter");
}

TEST(writer, escapes_and_separates) {
    std::string text;
    json_writer out{text};
    out.begin_object();
    out.member("a", "quote \" slash \\ line\n null \x01");
    out.key("list");
    out.begin_array();
    out.value(std::int64_t{-5});
    out.value(true);
    out.null();
    out.begin_object();
    out.end_object();
    out.value(0.5);
    out.end_array();
    out.member("map", attributes{{"k\"", "é"}, {"z", ""}});
    out.end_object();
    EXPECT_EQ(
        text,
        R"({"a":"quote \" slash \\ line\n null \u0001","list":[-5,true,null,{},0.5],"map":{"k\"":"é","z":""}})");
    EXPECT_NO_THROW(static_cast<void>(boost::json::parse(text)));
}

TEST(cursor, round_trip) {
    interaction_cursor const place{interaction_sort::created_at,
                                   cursor_direction::previous,
                                   {from_unix_ms(1'709'210'096'007), interaction_id::make()}};
    auto const read = parse_interaction_cursor(to_text(place));
    ASSERT_TRUE(read);
    EXPECT_EQ(read->sort, place.sort);
    EXPECT_EQ(read->direction, place.direction);
    EXPECT_EQ(read->position, place.position);

    message_cursor const seq{branch_id::make(), page_order::ascending, cursor_direction::next, 12};
    auto const again = parse_message_cursor(to_text(seq));
    ASSERT_TRUE(again);
    EXPECT_EQ(again->branch, seq.branch);
    EXPECT_EQ(again->order, seq.order);
    EXPECT_EQ(again->direction, seq.direction);
    EXPECT_EQ(again->seq, 12);
}

TEST(cursor, of_another_list_or_made_up_is_none) {
    auto const id = uuid_text(new_uuid());
    EXPECT_FALSE(parse_message_cursor("ln5." + id));
    EXPECT_FALSE(parse_interaction_cursor("an5." + id));
    for (auto const& bad :
         {std::string{}, "ln." + id, "lx5." + id, "ln5" + id, "ln5." + id + "0", "ln-5." + id, "ln5x." + id,
          std::string{"ln5.not-a-uuid-not-a-uuid-not-a-uuid-not-"}}) {
        EXPECT_FALSE(parse_interaction_cursor(bad)) << bad;
    }
}

TEST(if_match, compares_strong_tags) {
    EXPECT_TRUE(tag_listed("\"3\"", 3));
    EXPECT_TRUE(tag_listed("\"2\", \"3\"", 3));
    EXPECT_TRUE(tag_listed(" * ", 3));
    EXPECT_FALSE(tag_listed("\"4\"", 3));
    EXPECT_FALSE(tag_listed("W/\"3\"", 3));
    EXPECT_FALSE(tag_listed("3", 3));
    EXPECT_FALSE(tag_listed("", 3));
}

}  // namespace
}  // namespace parley::http
