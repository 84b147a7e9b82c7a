#include "adapters/http/wire/user_events.hpp"

#include "adapters/http/wire/entities.hpp"

#include <cstdint>

namespace parley::http {
namespace {

struct name_teller {
    std::string_view operator()(interaction_created const&) const { return "interaction.created"; }
    std::string_view operator()(interaction_changed const&) const { return "interaction.changed"; }
    std::string_view operator()(interaction_titled const&) const { return "interaction.titled"; }
    std::string_view operator()(interaction_deleted const&) const { return "interaction.deleted"; }
    std::string_view operator()(message_created const&) const { return "message.created"; }
    std::string_view operator()(reply_waiting const&) const { return "reply.waiting"; }
    std::string_view operator()(reply_begun const&) const { return "reply.begun"; }
    std::string_view operator()(model_loading const&) const { return "reply.loading"; }
    std::string_view operator()(reply_ended const&) const { return "reply.ended"; }
};

struct data_writer {
    template <class Event>
    std::string operator()(Event const& event) const {
        return to_json(event.value);
    }
    std::string operator()(interaction_deleted const& event) const {
        std::string text;
        json_writer out{text};
        out.begin_object();
        out.member("interaction_id", event.interaction_id);
        out.end_object();
        return text;
    }
    std::string operator()(reply_waiting const& event) const {
        std::string text;
        json_writer out{text};
        out.begin_object();
        out.key("reply");
        write(out, event.value);
        out.member("ahead", static_cast<std::int64_t>(event.ahead));
        out.end_object();
        return text;
    }
    std::string operator()(model_loading const& event) const {
        std::string text;
        json_writer out{text};
        out.begin_object();
        out.key("reply");
        write(out, event.value);
        out.member("model_name", event.model_name);
        out.member("loaded", event.loaded);
        out.end_object();
        return text;
    }
};

}  // namespace

std::string_view name_of(user_event const& event) { return std::visit(name_teller{}, event); }

std::string to_json(user_event const& event) { return std::visit(data_writer{}, event); }

}  // namespace parley::http
