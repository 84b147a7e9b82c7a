#include "adapters/llama/sampler.hpp"

#include "adapters/llama/vector_math.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

namespace parley {

namespace {

constexpr float negligible =
    20;  // e^-20 of the likeliest: all of a large vocabulary together stay below 0.1 ‰
constexpr float shell = 2;

}  // namespace

std::int32_t likeliest(std::span<float const> logits) {
    auto const found = std::ranges::find(logits, largest(logits));
    return found == logits.end() ? 0 : static_cast<std::int32_t>(found - logits.begin());
}

sampler::sampler(sampling how) : how_(how), random_(how.seed ? *how.seed : std::random_device{}()) {}

std::int32_t sampler::sample(std::span<float const> logits) {
    if (how_.temperature <= 0) return likeliest(logits);
    auto const total = weigh(logits);
    if (total <= 0) return likeliest(logits);  // logits that are no numbers
    if (how_.top_p >= 1) return draw_from_all(logits, total);
    auto const share = how_.top_p * total;
    // Shell by shell, the likeliest tokens first, until they reach the share; only the last shell is cut.
    candidates_.clear();
    double collected = 0;
    for (float from = 0; from < negligible && collected < share; from += shell) {
        auto const begin = candidates_.size();
        auto const weight = collect(logits, from, from + shell);
        if (collected + weight >= share) cut(begin, share - collected);
        collected += weight;
    }
    auto point = draw() * collected_weight();
    for (auto const& one : candidates_) {
        point -= static_cast<double>(one.weight);
        if (point < 0) return one.token;
    }
    return candidates_.empty() ? likeliest(logits) : candidates_.back().token;
}

std::int32_t sampler::draw_from_all(std::span<float const> logits, double total) {
    auto point = draw() * total;
    std::size_t begin = 0;
    for (auto const weight : block_weights_) {
        if (point < static_cast<double>(weight)) break;
        point -= static_cast<double>(weight);
        begin += block_size;
    }
    if (begin < logits.size()) {
        auto const weights = exponentials(block_at(logits, begin), best_, factor());
        for (std::size_t i = 0; i < block_size; ++i) {
            point -= static_cast<double>(weights[i]);
            if (point < 0) return static_cast<std::int32_t>(begin + i);
        }
    }
    return likeliest(logits);  // lost by rounding
}

/// The weight of all tokens together; the likeliest weighs 1. 0 when no logit is a number.
double sampler::weigh(std::span<float const> logits) {
    best_ = largest(logits);
    if (best_ == never) return 0;
    auto const least = best_ - negligible / factor();
    block_weights_.clear();
    double total = 0;
    for (std::size_t begin = 0; begin < logits.size(); begin += block_size) {
        auto const block = block_at(logits, begin);
        float sum = 0;
        if (any_reaches(block, least)) {
            for (auto const weight : exponentials(block, best_, factor())) sum += weight;
        }
        block_weights_.push_back(sum);
        total += static_cast<double>(sum);
    }
    return total;
}

/// Adds the tokens that weigh from e^-nearer down to e^-farther; returns their weight.
double sampler::collect(std::span<float const> logits, float nearer, float farther) {
    auto const most = nearer > 0 ? best_ - nearer / factor() : std::numeric_limits<float>::infinity();
    auto const least = best_ - farther / factor();
    auto const least_weight = 0.99F * std::exp(-farther);  // of a block that holds such a token
    double weight = 0;
    for (std::size_t block_index = 0; block_index < block_weights_.size(); ++block_index) {
        if (block_weights_[block_index] < least_weight) continue;
        auto const begin = block_index * block_size;
        auto const block = block_at(logits, begin);
        auto const weights = exponentials(block, best_, factor());
        for (std::size_t i = 0; i < block_size; ++i) {
            if (block[i] < least || block[i] >= most) continue;
            candidates_.push_back({weights[i], static_cast<std::int32_t>(begin + i)});
            weight += static_cast<double>(weights[i]);
        }
    }
    return weight;
}

double sampler::collected_weight() const {
    double sum = 0;
    for (auto const& one : candidates_) sum += static_cast<double>(one.weight);
    return sum;
}

/// Leaves the fewest, heaviest candidates from `begin` on that reach `share` together: a selection by halves,
/// linear in their number.
void sampler::cut(std::size_t begin, double share) {
    auto const heavier = [](candidate const& a, candidate const& b) {
        return a.weight != b.weight ? a.weight > b.weight : a.token < b.token;
    };
    auto taken =
        candidates_.begin() + static_cast<std::ptrdiff_t>(begin);  // before it: in the set for certain
    auto end = candidates_.end();                                  // from it on: not in the set
    while (end - taken > 1) {
        auto const middle = taken + (end - taken) / 2;
        std::nth_element(taken, middle, end, heavier);
        double half = 0;
        for (auto one = taken; one != middle; ++one) half += static_cast<double>(one->weight);
        if (half >= share) {
            end = middle;
        } else {
            share -= half;
            taken = middle;
        }
    }
    candidates_.erase(end, candidates_.end());
}

/// 0 to below 1, the same on every machine.
double sampler::draw() { return std::ldexp(static_cast<double>(random_() >> 11), -53); }

}  // namespace parley
