#include "adapters/mongo/usage_document.hpp"

#include "services/usage_sums.hpp"

namespace parley::mongo {

kept_usage read_usage_document(bson_t const& from) {
    return {.id = id_at<message_id>(from, "_id"),
            .user_id = id_at<user_id>(from, "user").value_or(user_id{}),
            .sums = {.day = day_of_number(number_at(from, "day").value_or(0)),
                     .model_name = text_at(from, "model").value_or(""),
                     .generations = number_at(from, "generations").value_or(0),
                     .input_tokens = number_at(from, "input").value_or(0),
                     .cached_tokens = number_at(from, "cached").value_or(0),
                     .output_tokens = number_at(from, "output").value_or(0),
                     .cost = number_at(from, "cost").value_or(0),
                     .estimated = number_at(from, "estimated").value_or(0)}};
}

std::string copied_id(usage_key const& key) {
    return key.user_id.text() + ' ' + std::to_string(number_of_day(key.day)) + ' ' + key.model_name;
}

document to_document(kept_usage const& value) {
    auto const& sums = value.sums;
    document out;
    if (value.id) {
        out.put("_id", *value.id);
    } else {
        out.put("_id", std::string_view{copied_id({value.user_id, sums.day, sums.model_name})});
    }
    return std::move(out.put("user", value.user_id)
                         .put("day", number_of_day(sums.day))
                         .put("model", std::string_view{sums.model_name})
                         .put("generations", sums.generations)
                         .put("input", sums.input_tokens)
                         .put("cached", sums.cached_tokens)
                         .put("output", sums.output_tokens)
                         .put("cost", sums.cost)
                         .put("estimated", sums.estimated));
}

}  // namespace parley::mongo
