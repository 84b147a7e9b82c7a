#include "modules/turn/model_queue.hpp"

#include <algorithm>
#include <deque>
#include <string>
#include <utility>
#include <vector>

namespace parley {

struct model_queue::entry {
    user_id user;
    bool background = false;
    bool granted = false;        // guarded by the line, as all below
    std::function<void()> call;  // see seat::notify
};

struct model_queue::line {
    metrics& seen;
    std::string const model;
    std::size_t const at_once;
    std::size_t const most_waiting;

    std::mutex guard;
    std::size_t running = 0;  // guarded, as all below
    std::size_t waiting = 0;
    std::deque<user_id> turns;  // who is next, of those that wait
    std::unordered_map<user_id, std::deque<std::shared_ptr<entry>>, id_hash> chats;
    std::deque<std::shared_ptr<entry>> background;

    line(metrics& statistics, model_info const& info)
        : seen(statistics),
          model(info.name),
          at_once(std::max<std::size_t>(info.parallel, 1)),
          most_waiting(info.max_waiting) {}

    void join(std::shared_ptr<entry> const& one) {
        ++waiting;
        if (one->background) {
            background.push_back(one);
        } else {
            auto& own = chats[one->user];
            if (own.empty()) turns.push_back(one->user);
            own.push_back(one);
        }
    }

    /// Gives free places away, and tells everybody whose place has changed.
    void advance() {
        bool moved = false;
        while (running < at_once && waiting > 0) {
            auto const next = take_next();
            next->granted = true;
            ++running;
            --waiting;
            moved = true;
            if (next->call) next->call();
        }
        if (moved) tell_waiting();
        seen.generations(model, running, waiting);
    }

    void leave(std::shared_ptr<entry> const& one) {
        if (one->granted) {
            --running;
        } else {
            --waiting;
            remove(one);
            tell_waiting();
        }
        one->call = nullptr;
        advance();
    }

    [[nodiscard]] std::size_t ahead(entry const& one) const {
        if (one.granted) return 0;
        if (one.background) return waiting - background.size() + place_in(background, one);
        auto const& own = chats.at(one.user);
        auto const mine = place_in(own, one);
        std::size_t before = mine;
        bool passed = false;  // the users behind mine get one turn less before it
        for (auto const& user : turns) {
            if (user == one.user) {
                passed = true;
            } else {
                before += std::min(chats.at(user).size(), mine + (passed ? 0 : 1));
            }
        }
        return before;
    }

private:
    static std::size_t place_in(std::deque<std::shared_ptr<entry>> const& among, entry const& one) {
        auto const found = std::ranges::find(among, &one, [](auto const& other) { return other.get(); });
        return static_cast<std::size_t>(found - among.begin());
    }

    std::shared_ptr<entry> take_next() {
        if (turns.empty()) {
            auto next = std::move(background.front());
            background.pop_front();
            return next;
        }
        auto const user = turns.front();
        turns.pop_front();
        auto const own = chats.find(user);
        auto next = std::move(own->second.front());
        own->second.pop_front();
        if (own->second.empty()) {
            chats.erase(own);
        } else {
            turns.push_back(user);
        }
        return next;
    }

    void remove(std::shared_ptr<entry> const& one) {
        if (one->background) {
            std::erase(background, one);
            return;
        }
        auto const own = chats.find(one->user);
        std::erase(own->second, one);
        if (!own->second.empty()) return;
        chats.erase(own);
        std::erase(turns, one->user);
    }

    void tell_waiting() {
        for (auto const& [user, own] : chats) {
            for (auto const& one : own) {
                if (one->call) one->call();
            }
        }
        for (auto const& one : background) {
            if (one->call) one->call();
        }
    }
};

model_queue::seat::seat(std::shared_ptr<line> in, std::shared_ptr<entry> own)
    : in_(std::move(in)),
      own_(std::move(own)) {}

bool model_queue::seat::granted() const {
    std::scoped_lock const lock{in_->guard};
    return own_->granted;
}

std::size_t model_queue::seat::ahead() const {
    std::scoped_lock const lock{in_->guard};
    return in_->ahead(*own_);
}

void model_queue::seat::notify(std::function<void()> call) {
    if (!in_) return;
    std::scoped_lock const lock{in_->guard};
    own_->call = std::move(call);
}

void model_queue::seat::leave() {
    auto const in = std::exchange(in_, nullptr);
    if (!in) return;
    std::scoped_lock const lock{in->guard};
    in->leave(own_);
}

std::shared_ptr<model_queue::line> model_queue::line_of(language_model const& model, model_info const& info) {
    std::scoped_lock const lock{guard_};
    auto& known = lines_[&model];
    if (!known) known = std::make_shared<line>(seen_, info);
    return known;
}

result<model_queue::seat> model_queue::take(language_model const& model, user_id user, admission how) {
    auto const info = model.info();
    switch (info.state) {
        case model_state::ready:
        case model_state::unloaded:
            break;
        case model_state::loading:
            if (info.on_demand) break;
            return fail(error_kind::unavailable, "model_loading",
                        "The model \"" + info.name + "\" is still loading.");
        case model_state::failed:
            return fail(error_kind::unavailable, "model_failed",
                        "The model \"" + info.name + "\" could not be loaded: " + info.problem);
    }
    auto in = line_of(model, info);
    auto own = std::make_shared<entry>();
    own->user = user;
    own->background = how == admission::background;
    std::scoped_lock const lock{in->guard};
    auto const titles = in->background.size();
    auto const waiting = own->background ? titles : in->waiting - titles;
    bool const full = in->running >= in->at_once && waiting >= in->most_waiting;
    if (full && how != admission::promised) {
        return fail(
            error_kind::overloaded, "queue_full",
            std::to_string(waiting) + " replies are waiting for the model \"" + info.name + "\" already.");
    }
    in->join(own);
    in->advance();
    return seat{std::move(in), std::move(own)};
}

}  // namespace parley
