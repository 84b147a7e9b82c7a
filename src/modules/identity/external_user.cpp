#include "modules/identity/external_user.hpp"

#include "common/utf8.hpp"
#include "entities/limits.hpp"

#include <utility>

namespace parley {

task<result<user>> known_user(identity_store& store, external_identity name, std::string called,
                              timestamp now) {
    // What is no text is no name; it is what people are shown, and nobody is found by it.
    bool const fits = is_valid_utf8(called) && utf8_length(called) <= limits::user_name;
    user fresh{user_id::make(), fits ? std::move(called) : std::string{}, {}, now};
    co_return co_await store.external_user(std::move(name), std::move(fresh));
}

}  // namespace parley
