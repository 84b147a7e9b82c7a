#pragma once

namespace parley::mongo {

/// How often a change is tried again when others changed the same document first, before it is refused as
/// busy.
inline constexpr int most_rounds = 100;

/// The same for the document of a chat, where everybody who writes in it meets.
inline constexpr int most_rounds_in_a_chat = 1000;

}  // namespace parley::mongo
