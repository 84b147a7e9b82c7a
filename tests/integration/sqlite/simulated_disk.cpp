#include "simulated_disk.hpp"

#include "disk_file.hpp"
#include "disk_methods.hpp"

#include <atomic>
#include <stdexcept>

namespace parley::test {
namespace {

std::string fresh_name() {
    static std::atomic<int> number = 0;
    return "simulated-disk-" + std::to_string(++number);
}

}  // namespace

simulated_disk::simulated_disk() : name_(fresh_name()), methods_(std::make_unique<sqlite3_vfs>()) {
    fill_vfs(*methods_, *this, name_);
    if (sqlite3_vfs_register(methods_.get(), 0) != SQLITE_OK) throw std::runtime_error("vfs");
}

simulated_disk::~simulated_disk() { sqlite3_vfs_unregister(methods_.get()); }

void simulated_disk::fail(operation what, int nth, int code, int times) {
    std::lock_guard const lock{guard_};
    auto const kind = static_cast<std::size_t>(what);
    faults_[kind] = {counts_[kind] + nth, code, times};
}

void simulated_disk::cut_power_at(int nth) {
    std::lock_guard const lock{guard_};
    cut_at_ = changes_ + nth;
}

void simulated_disk::stall() {
    std::lock_guard const lock{guard_};
    stalled_ = true;
}

void simulated_disk::end_stall() {
    std::lock_guard const lock{guard_};
    stalled_ = false;
    stall_over_.notify_all();
}

void simulated_disk::heal() {
    std::lock_guard const lock{guard_};
    forget_faults();
}

void simulated_disk::forget_faults() {
    faults_ = {};
    counts_ = {};
    failures_ = 0;
    changes_ = 0;
    cut_at_ = 0;
    capacity_ = SIZE_MAX;
}

int simulated_disk::count(operation what) const {
    std::lock_guard const lock{guard_};
    return counts_[static_cast<std::size_t>(what)];
}

int simulated_disk::failures() const {
    std::lock_guard const lock{guard_};
    return failures_;
}

bool simulated_disk::has_power() const {
    std::lock_guard const lock{guard_};
    return power_;
}

void simulated_disk::set_capacity(std::size_t bytes) {
    std::lock_guard const lock{guard_};
    capacity_ = bytes;
}

std::size_t simulated_disk::used() const {
    std::lock_guard const lock{guard_};
    std::size_t sum = 0;
    for (auto const& [name, one] : files_) sum += one->seen.size();
    return sum;
}

int simulated_disk::admit(operation what) {
    auto const kind = static_cast<std::size_t>(what);
    auto const number = ++counts_[kind];
    bool const changes = what == operation::write || what == operation::sync || what == operation::truncate;
    if (changes && ++changes_ == cut_at_) power_ = false;
    if (!power_) {
        ++failures_;
        return SQLITE_IOERR;
    }
    auto& planned = faults_[kind];
    if (planned.nth == 0 || number < planned.nth || planned.times == 0) return SQLITE_OK;
    --planned.times;
    ++failures_;
    return planned.code;
}

void simulated_disk::restart(std::mt19937_64& chance) { restart_keeping(&chance); }
void simulated_disk::restart() { restart_keeping(nullptr); }

void simulated_disk::kill() {
    std::lock_guard const lock{guard_};
    power_ = false;
}

void simulated_disk::revive() {
    std::lock_guard const lock{guard_};
    for (auto& [name, one] : files_) {
        auto fresh = std::make_shared<file>();
        fresh->seen = std::move(one->seen);
        fresh->platter = std::move(one->platter);
        fresh->unsynced = std::move(one->unsynced);
        fresh->on_platter = one->on_platter;
        one = std::move(fresh);
    }
    forget_faults();
    power_ = true;
}

void simulated_disk::restart_keeping(std::mt19937_64* chance) {
    std::lock_guard const lock{guard_};
    for (auto at = files_.begin(); at != files_.end();) {
        auto& one = *at->second;
        one.settle(chance);
        if (!one.on_platter) {
            at = files_.erase(at);
            continue;
        }
        auto fresh = std::make_shared<file>();
        fresh->seen = fresh->platter = one.platter;
        fresh->on_platter = true;
        at->second = std::move(fresh);
        ++at;
    }
    for (auto& [name, platter] : ghosts_) {
        if (files_.contains(name) || chance == nullptr || std::bernoulli_distribution(0.5)(*chance)) continue;
        auto back = std::make_shared<file>();
        back->seen = back->platter = platter;
        back->on_platter = true;
        files_.emplace(name, std::move(back));
    }
    ghosts_.clear();
    forget_faults();
    power_ = true;
}

}  // namespace parley::test
