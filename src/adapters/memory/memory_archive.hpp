// The stores kept in memory as store_archive, for tests. Tests may override what they want to go wrong.
// Thread safety and errors: as the port. Ownership: borrows the store.
#pragma once

#include "adapters/memory/memory_store.hpp"
#include "services/store_archive.hpp"

#include <optional>
#include <string>
#include <vector>

namespace parley {

class memory_archive : public store_archive {
public:
    explicit memory_archive(memory_store& store);

    result<std::vector<user_record>> users_after(user_id last) override;
    result<std::vector<conversation_part>> conversations_after(archive_position last) override;
    result<std::vector<usage_record>> usage_after(std::optional<usage_key> last) override;
    result<archive_counts> count() override;
    result<std::vector<active_turn>> active_turns(std::size_t limit) override;
    result<void> end_turn(active_turn seen, timestamp now) override;
    result<reception> receive_from(std::string const& source) override;
    result<void> put_users(std::span<user_record const> values) override;
    result<void> put_conversations(std::span<conversation_part const> parts) override;
    result<void> put_usage(std::span<usage_record const> values) override;
    result<void> remove_users(std::span<user_id const> ids) override;
    result<void> remove_conversations(std::span<interaction_id const> ids) override;
    result<void> end_reception() override;

private:
    using conversation = memory_store::conversation;
    [[nodiscard]] static std::optional<head_record> head_of(conversation const& in, branch_id const& branch);
    [[nodiscard]] static interaction_record record_of(conversation const& in);
    [[nodiscard]] archive_counts counts() const;

    memory_store& store_;
};

}  // namespace parley
