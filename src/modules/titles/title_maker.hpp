// Names interactions after their first exchange, in the background: by the model that has replied, and where
// that gives nothing fit, out of the user's own words. A title that a person has set is never touched.
//
// Thread safety: all functions from any event loop. Ownership: borrows all it is given.
#pragma once

#include "common/task.hpp"
#include "modules/models/model_catalog.hpp"
#include "modules/turn/turn_service.hpp"
#include "services/clock.hpp"
#include "services/conversation_store.hpp"
#include "services/usage_store.hpp"
#include "services/user_feed.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <string>

namespace parley {

enum class title_source { model, words, nobody };

class title_maker {
public:
    title_maker(conversation_store& store, usage_store& usage, model_catalog const& models,
                turn_service& turns, user_feed& news, clock const& time, title_source source)
        : store_(store),
          usage_(usage),
          models_(models),
          turns_(turns),
          news_(news),
          time_(time),
          source_(source) {}

    /// To be told of each reply that has ended; see turn_service::on_end.
    void reply_ended(turn_lease const& lease, message const& reply,
                     boost::asio::any_io_executor const& executor);

private:
    task<void> name(user_id user, message reply, boost::asio::any_io_executor executor);
    task<std::string> ask_model(user_id user, message const& asked, message const& reply,
                                turn_control& control, boost::asio::any_io_executor executor);
    task<void> count(user_id user, std::string model_name, token_usage used);

    conversation_store& store_;
    usage_store& usage_;
    model_catalog const& models_;
    turn_service& turns_;
    user_feed& news_;
    clock const& time_;
    title_source source_;
};

}  // namespace parley
