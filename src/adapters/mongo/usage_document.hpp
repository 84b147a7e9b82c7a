// What was used and no message tells of, as a document:
//
//   _id: of an entry its id, of a reply that was deleted its message_id; of what a store that was copied had
//     besides its messages, the text "user day model"
//   user, day (from 1970 on), model, generations, input, cached, output, cost, estimated
#pragma once

#include "adapters/mongo/document.hpp"
#include "services/store_archive.hpp"

#include <optional>
#include <string>

namespace parley::mongo {

struct kept_usage {
    std::optional<message_id> id;  // absent: of a copied store
    parley::user_id user_id;
    usage_day sums;
};

[[nodiscard]] kept_usage read_usage_document(bson_t const& from);
[[nodiscard]] document to_document(kept_usage const& value);

/// Of what a store that was copied had besides its messages.
[[nodiscard]] std::string copied_id(usage_key const& key);

}  // namespace parley::mongo
