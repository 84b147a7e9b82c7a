#include "modules/models/discovery.hpp"

#include "common/log.hpp"
#include "common/utf8.hpp"
#include "entities/limits.hpp"

#include <algorithm>
#include <atomic>
#include <string_view>
#include <unordered_set>
#include <utility>

namespace parley {

class model_offer {
public:
    explicit model_offer(std::string const& upstream) : problem_("no longer offered by " + upstream) {}

    void set(bool listed) { listed_ = listed; }
    [[nodiscard]] bool listed() const { return listed_; }
    [[nodiscard]] std::string const& problem() const { return problem_; }

private:
    std::string const problem_;
    std::atomic<bool> listed_ = true;
};

namespace {

/// The model while it is listed, and one that has failed while it is not.
class discovered_model final : public language_model {
public:
    discovered_model(std::unique_ptr<language_model> inner, std::shared_ptr<model_offer const> told)
        : inner_(std::move(inner)),
          told_(std::move(told)) {}

    [[nodiscard]] model_info info() const override {
        auto info = inner_->info();
        if (!told_->listed()) {
            info.state = model_state::failed;
            info.problem = told_->problem();
        }
        return info;
    }
    [[nodiscard]] task<result<void>> prepare(std::function<void(double)> progress) override {
        if (!told_->listed()) co_return std::unexpected(gone());
        co_return co_await inner_->prepare(std::move(progress));
    }
    [[nodiscard]] task<result<std::int64_t>> count_tokens(generation_request request) override {
        return inner_->count_tokens(std::move(request));
    }
    [[nodiscard]] result<std::unique_ptr<generation>> start(generation_request request,
                                                            boost::asio::any_io_executor executor) override {
        if (!told_->listed()) return std::unexpected(gone());
        return inner_->start(std::move(request), std::move(executor));
    }

private:
    [[nodiscard]] error gone() const {
        return {error_kind::unavailable, "model_failed",
                "The model \"" + inner_->info().name + "\" is " + told_->problem() + "."};
    }

    std::unique_ptr<language_model> const inner_;
    std::shared_ptr<model_offer const> const told_;
};

bool has_control_character(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto const byte = static_cast<unsigned char>(text[i]);
        if (byte < 0x20 || byte == 0x7f) return true;
        // U+0080 to U+009F
        if (byte == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0)
            return true;
    }
    return false;
}

bool is_name(std::string_view id, std::string_view name) {
    return !id.empty() && is_valid_utf8(name) && !has_control_character(name) &&
           utf8_length(name) <= limits::model_name;
}

std::int64_t number(std::size_t count) { return static_cast<std::int64_t>(count); }

}  // namespace

model_discovery::model_discovery(std::string upstream, model_catalog& catalog, discovered_maker make)
    : upstream_(std::move(upstream)),
      catalog_(catalog),
      make_(std::move(make)) {}

model_discovery::outcome model_discovery::update(std::vector<std::string> const& ids) {
    outcome done;
    std::unordered_set<std::string_view> listed;
    for (auto const& id : ids) {
        auto const name = upstream_ + "/" + id;
        if (!is_name(id, name)) {
            ++done.left_out;
        } else if (listed.insert(id).second && !known_.contains(id) && !catalog_.has(name)) {
            if (known_.size() >= most_models) {
                ++done.left_out;
            } else if (add(id, name)) {
                ++done.added;
            }
        }
    }
    for (auto const& [id, offered] : known_) {
        bool const is_listed = listed.contains(id);
        if (is_listed == offered->listed()) continue;
        offered->set(is_listed);
        ++(is_listed ? done.returned : done.vanished);
    }
    if (done.added + done.returned + done.vanished > 0) {
        log::info("models of an upstream have changed", {{"upstream", upstream_},
                                                         {"added", number(done.added)},
                                                         {"returned", number(done.returned)},
                                                         {"vanished", number(done.vanished)}});
    }
    if (done.left_out > 0 && done.left_out != told_.left_out) {
        log::warn("some models of an upstream are left out: too many, or no fit names",
                  {{"upstream", upstream_}, {"count", number(done.left_out)}});
    }
    told_ = done;
    return done;
}

bool model_discovery::add(std::string const& id, std::string const& name) {
    auto model = make_(name, id);
    if (!model) return false;
    auto offered = std::make_shared<model_offer>(upstream_);
    if (!catalog_.add(std::make_unique<discovered_model>(std::move(model), offered))) return false;
    known_.emplace(id, std::move(offered));
    return true;
}

}  // namespace parley
