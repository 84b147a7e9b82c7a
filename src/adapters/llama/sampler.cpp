#include "adapters/llama/sampler.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace parley {

namespace {

constexpr double negligible =
    20.0;  // e^-20 of the likeliest: all of a large vocabulary together stay below 0.1 ‰
constexpr std::size_t lanes = 16;

/// The compiler makes vector instructions of this; std::max_element is one comparison after the other.
float largest(std::span<float const> values) {
    std::array<float, lanes> best;
    best.fill(-std::numeric_limits<float>::infinity());
    auto const whole = values.size() - values.size() % lanes;
    for (std::size_t i = 0; i < whole; i += lanes) {
        for (std::size_t lane = 0; lane < lanes; ++lane) {
            auto const value = values[i + lane];
            best[lane] = best[lane] < value ? value : best[lane];
        }
    }
    auto result = *std::ranges::max_element(best);
    for (auto const value : values.subspan(whole)) result = std::max(result, value);
    return result;
}

bool any_reaches(std::span<float const, lanes> values, float least) {
    unsigned reached = 0;
    for (auto const value : values) reached |= static_cast<unsigned>(value >= least);
    return reached != 0;
}

}  // namespace

std::int32_t likeliest(std::span<float const> logits) {
    auto const found = std::ranges::find(logits, largest(logits));
    return found == logits.end() ? 0 : static_cast<std::int32_t>(found - logits.begin());
}

sampler::sampler(sampling how) : how_(how), random_(how.seed ? *how.seed : std::random_device{}()) {}

std::int32_t sampler::sample(std::span<float const> logits) {
    if (how_.temperature <= 0) return likeliest(logits);
    collect(logits);
    double weight = 0;
    for (auto const& one : candidates_) weight += one.weight;
    auto const begin = how_.top_p < 1 ? cut_to(how_.top_p * weight, weight) : 0;
    auto point = std::ldexp(static_cast<double>(random_() >> 11), -53) * weight;
    for (auto i = begin; i + 1 < candidates_.size(); ++i) {
        point -= candidates_[i].weight;
        if (point < 0) return candidates_[i].token;
    }
    return candidates_.empty() ? likeliest(logits) : candidates_.back().token;
}

void sampler::collect(std::span<float const> logits) {
    auto const best = static_cast<double>(largest(logits));
    auto const least = static_cast<float>(best - negligible * how_.temperature);
    candidates_.clear();
    auto const consider = [&](std::size_t i) {
        if (logits[i] < least || std::isnan(logits[i])) return;
        auto const weight = std::exp((static_cast<double>(logits[i]) - best) / how_.temperature);
        candidates_.push_back({weight, static_cast<std::int32_t>(i)});
    };
    auto const whole = logits.size() - logits.size() % lanes;
    for (std::size_t i = 0; i < whole; i += lanes) {
        if (!any_reaches(logits.subspan(i).first<lanes>(), least)) continue;
        for (std::size_t lane = 0; lane < lanes; ++lane) consider(i + lane);
    }
    for (auto i = whole; i < logits.size(); ++i) consider(i);
}

std::size_t sampler::cut_to(double share, double& weight) {
    auto const less_likely = [](candidate const& a, candidate const& b) {
        return a.weight != b.weight ? a.weight < b.weight : a.token > b.token;
    };
    std::ranges::make_heap(candidates_, less_likely);
    auto rest = candidates_.end();
    weight = 0;
    while (rest != candidates_.begin() && weight < share) {
        std::pop_heap(candidates_.begin(), rest, less_likely);
        weight += (--rest)->weight;
    }
    return static_cast<std::size_t>(rest - candidates_.begin());
}

}  // namespace parley
