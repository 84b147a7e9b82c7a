// The audit log: who has done what to users and keys. A line of the log, whatever log.level says; never a
// key's text.
#pragma once

#include "adapters/http/server/exchange.hpp"
#include "entities/api_key.hpp"

#include <optional>
#include <string_view>

namespace parley::http {

/// What an act was about; a line has an empty text for what is not said here.
struct audit_details {
    std::optional<key_id> key{};
    std::optional<bool> is_admin{};  // as it is from now on, where that was set
    bool limits_changed = false;
    std::optional<parley::scopes> scopes{};
    std::optional<timestamp> expires_at{};
    std::string_view outcome{};  // "unknown", or empty: it was done
};

/// `act` like "key_deleted"; `of` whose it is.
void audit(request const& call, std::string_view act, user_id const& of, audit_details const& details = {});

/// The same of an act that failed in a way that leaves open whether it was done, with `outcome` "unknown"; of
/// any other failure nothing is written.
void audit_doubt(request const& call, std::string_view act, user_id const& of, error const& why,
                 audit_details details = {});

/// Somebody asked for what only administrators may.
void audit_refused(request const& call);

}  // namespace parley::http
