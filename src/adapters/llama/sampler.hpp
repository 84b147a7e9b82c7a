// Chooses the next token. Cheap for large vocabularies: one pass over the logits, no sort of all of them.
// Thread safety: none; one sampler belongs to one reply.
#pragma once

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
        double weight;
        std::int32_t token;
    };

    void collect(std::span<float const> logits);
    /// Moves the likeliest to the end of candidates_ until their weights reach `share`; returns where they
    /// begin.
    std::size_t cut_to(double share, double& weight);

    sampling const how_;
    std::mt19937_64 random_;
    std::vector<candidate> candidates_;
};

}  // namespace parley
