// Chooses the next token. Cheap for large vocabularies: vectorised passes over the logits, no sort of all of
// them. Thread safety: none; one sampler belongs to one reply.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <span>
#include <vector>

namespace parley {

struct sampling {
    double temperature = 1.0;           // 0 takes the likeliest token
    double top_p = 1.0;                 // above 0, at most 1
    std::optional<std::uint64_t> seed;  // absent: different every time
};

/// The index of the largest value, the first of equal ones. `logits` must not be empty.
[[nodiscard]] std::int32_t likeliest(std::span<float const> logits);

class sampler {
public:
    explicit sampler(sampling how);

    /// Softmax of logits / temperature, cut to the smallest set of likeliest tokens whose share reaches top_p
    /// (Holtzman et al. 2020, "The curious case of neural text degeneration"). Tokens below e^-20 of the
    /// likeliest are left out.
    [[nodiscard]] std::int32_t sample(std::span<float const> logits);

private:
    struct candidate {
        float weight;
        std::int32_t token;
    };

    [[nodiscard]] float factor() const { return 1 / static_cast<float>(how_.temperature); }
    [[nodiscard]] std::int32_t draw_from_all(std::span<float const> logits, double total);
    double weigh(std::span<float const> logits);
    double collect(std::span<float const> logits, float nearer, float farther);
    [[nodiscard]] double collected_weight() const;
    void cut(std::size_t begin, double share);
    [[nodiscard]] double draw();

    sampling const how_;
    std::mt19937_64 random_;
    // Of the token that is being chosen:
    float best_ = 0;                    // the largest logit
    std::vector<float> block_weights_;  // weight of every block of logits
    std::vector<candidate> candidates_;
};

}  // namespace parley
