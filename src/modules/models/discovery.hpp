// Offers the models that another server says it has, as "<upstream>/<id>", as long as it says so.
//
// Thread safety: update() from any thread, one at a time. Ownership: borrows the catalog, which owns the
// models from then on: one that vanishes stays there, failed, and comes back when it is listed again.
#pragma once

#include "modules/models/model_catalog.hpp"
#include "services/language_model.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace parley {

/// Makes the model that is offered as `name` and that its own server calls `remote_id`.
using discovered_maker =
    std::function<std::unique_ptr<language_model>(std::string const& name, std::string const& remote_id)>;

/// Whether a model is listed now; shared by the discovery and the model.
class model_offer;

class model_discovery {
public:
    static constexpr std::size_t most_models = 1'000;  // of one upstream, those that have vanished included

    struct outcome {
        std::size_t added = 0;
        std::size_t returned = 0;
        std::size_t vanished = 0;
        std::size_t left_out = 0;  // ids that are no names, and those beyond most_models
        bool operator==(outcome const&) const = default;
    };

    model_discovery(std::string upstream, model_catalog& catalog, discovered_maker make);

    /// `ids`: the whole list as the upstream has told it. Not to be called when it could not be read. Names
    /// that the catalog has from elsewhere, as out of the configuration, stay as they are. Ids that are empty
    /// or have control characters, and names of more than 200 characters, are left out.
    outcome update(std::vector<std::string> const& ids);

private:
    bool add(std::string const& id, std::string const& name);

    std::string const upstream_;
    model_catalog& catalog_;
    discovered_maker const make_;
    std::unordered_map<std::string, std::shared_ptr<model_offer>> known_;  // by id
    outcome told_;  // by the log: what happens each time is said once
};

}  // namespace parley
