#include "settlement/match_bank.hpp"

#include <algorithm>
#include <set>
#include <unordered_map>

#include "settlement/banking_days.hpp"
#include "settlement/sums.hpp"
#include "support/text.hpp"

namespace payments::settlement {
namespace {

struct Entry {
    const BankEntry* bank = nullptr;
    std::optional<Processor> payer{};
    bool is_used = false;  // matched, or cancelled by a reversal

    std::int64_t minor() const { return bank->line.minor; }
    std::int64_t with_charges() const { return bank->line.minor + bank->line.charges_minor; }
};

struct Due {
    Processor processor;
    const std::string* account;
    Currency currency;
    PayoutReport* payout;
    Day from, to;  // both count
    bool is_found = false;
};

bool contains(std::string_view text, std::string_view word) {
    return text.find(word) != std::string_view::npos;
}

// Who the provider behind an entry is; nobody where it is another's. SimplePay pays from OTP, until
// 2025 under the name OTP Mobil (docs/settlements.md, 5).
std::optional<Processor> payer_of(const BankLine& line) {
    const auto name = text::upper(line.payer.empty() ? line.text : line.payer);
    if (contains(name, "SIMPLEPAY") || contains(name, "OTP MOBIL") ||
        bank_account_key(line.payer_account).starts_with("11794008"))
        return Processor::simplepay;
    if (contains(name, "STRIPE")) return Processor::stripe;
    return std::nullopt;
}

// Until when something may be booked that nobody has told the day of: reports come weekly.
constexpr std::chrono::days untold_days{14};

constexpr std::string_view blanks = " \t\r\n";

class BankMatcher {
public:
    BankMatcher(std::span<const BankEntry> entries, Report& report) : report_(report) {
        for (const auto& entry : entries) {
            entries_.push_back({&entry, payer_of(entry.line)});
            ++bank_of(entry).entries;
        }
        for (auto& [key, account] : report.accounts)
            for (auto& payout : account.payouts) {
                if (payout.state == PayoutState::returned) continue;
                if (payout.amount_minor == 0) {
                    payout.state = PayoutState::paid_out;
                    continue;
                }
                dues_.push_back(due_of(key, payout));
            }
    }

    void match() {
        cancel_reversals();
        match_by_trace();
        match_sets();
        match_left_over();
    }

    void note_left_over(Time as_of, const Delays& delays) {
        for (auto& due : dues_)
            if (!due.is_found) note_missing(due, as_of, delays);
        for (const auto& entry : entries_) {
            if (entry.is_used) continue;
            // Money of a provider's, or its return by the bank, that no payout explains.
            if (entry.payer && (entry.minor() > 0 || entry.bank->line.is_reversal)) {
                ++bank_of(*entry.bank).unknown;
                note_credit(entry);
            } else {
                ++bank_of(*entry.bank).not_ours;
            }
        }
    }

private:
    static Due due_of(const AccountKey& key, PayoutReport& payout) {
        Due due{key.processor, &key.account, *Currency::of(key.currency),
                &payout,       Day::min(),   Day::max()};
        if (!payout.arrival) return due;
        due.from = banking_days_from(*payout.arrival, -1);
        due.to = payout.is_arrival_told ? banking_days_from(*payout.arrival, 5)
                                        : *payout.arrival + untold_days;
        return due;
    }

    BankReport& bank_of(const BankEntry& entry) {
        return report_.banks[entry.account + " " + std::string{entry.currency.code()}];
    }

    // R7: the same account, amount and text.
    void cancel_reversals() {
        using Key = std::tuple<std::string_view, std::string_view, std::int64_t, std::string_view>;
        std::map<Key, std::vector<Entry*>> booked;
        const auto key_of_entry = [](const Entry& entry, std::int64_t minor) {
            const auto& bank = *entry.bank;
            return Key{bank.account_key, bank.currency.code(), minor, bank.line.text};
        };
        const bool any = std::ranges::any_of(entries_, [](const Entry& entry) {
            return entry.bank->line.is_reversal;
        });
        if (!any) return;
        for (auto& entry : entries_)
            if (!entry.bank->line.is_reversal)
                booked[key_of_entry(entry, entry.minor())].push_back(&entry);
        for (auto& entry : entries_) {
            if (!entry.bank->line.is_reversal) continue;
            const auto reversed = booked.find(key_of_entry(entry, -entry.minor()));
            if (reversed == booked.end() || reversed->second.empty()) continue;
            // Which of equal ones is all the same, but none that came later: the last, so that the
            // payout keeps its day.
            auto& equals = reversed->second;  // by day
            auto other = std::ranges::upper_bound(
                equals, entry.bank->line.booked, {},
                [](const Entry* equal) { return equal->bank->line.booked; }
            );
            if (other != equals.begin()) --other;
            entry.is_used = (*other)->is_used = true;
            equals.erase(other);
            bank_of(*entry.bank).cancelled += 2;
        }
    }

    // R8: what names the payout itself.
    void match_by_trace() {
        std::unordered_map<std::string_view, Due*> by_name;
        for (auto& due : dues_) {
            if (due.processor != Processor::stripe) continue;
            // Pointers: a list of strings would hold copies, and the keys would outlive them.
            for (const auto* name : {&due.payout->trace_id, &due.payout->payout_id})
                if (!name->empty()) by_name.emplace(*name, &due);
        }
        if (by_name.empty()) return;
        std::map<const Due*, std::vector<Entry*>> named;
        for (auto& entry : entries_) {
            if (entry.is_used || entry.bank->line.is_reversal) continue;
            const auto& line = entry.bank->line;
            const auto look = [&](std::string_view word) {
                const auto found = by_name.find(word);
                if (found == by_name.end() || found->second->currency != entry.bank->currency)
                    return false;
                named[found->second].push_back(&entry);
                return true;
            };
            if (look(line.reference) || look(line.bank_reference)) continue;
            std::string_view rest = line.text;
            while (!rest.empty()) {
                const auto word = rest.substr(0, rest.find_first_of(blanks));
                if (look(word)) break;
                rest.remove_prefix(std::min(rest.size(), word.size() + 1));
            }
        }
        for (auto& due : dues_)
            if (const auto found = named.find(&due); found != named.end())
                take_named(due, found->second);
    }

    void take_named(Due& due, const std::vector<Entry*>& named) {
        const auto amount = due.payout->amount_minor;
        for (const bool with_charges : {false, true})
            for (auto* entry : named)
                if ((with_charges ? entry->with_charges() : entry->minor()) == amount)
                    return take(due, *entry);
        if (named.size() == 1) take(due, *named.front());
    }

    // R8: payouts of one amount and the entries that may be theirs, each within its days, as sets:
    // no guess is needed when counts agree.
    struct Set {
        std::vector<Due*> dues;
        std::vector<Entry*> entries;
        std::vector<std::pair<Due*, Entry*>> pairs{};

        bool is_whole() const { return pairs.size() == dues.size(); }
    };
    using SetKey = std::tuple<Processor, std::string_view, std::int64_t>;
    using Sets = std::map<SetKey, Set>;

    void match_sets() {
        Sets sets;
        for (auto& due : dues_)
            if (!due.is_found)
                sets[{due.processor, due.currency.code(), due.payout->amount_minor}].dues.push_back(
                    &due
                );
        for (auto& entry : entries_) {
            if (!is_free_credit(entry)) continue;
            // What was booked, or that and what the bank itemises: whichever is a payout's.
            auto set = set_of(sets, entry, entry.minor());
            if (set == sets.end()) set = set_of(sets, entry, entry.with_charges());
            if (set != sets.end()) set->second.entries.push_back(&entry);
        }
        for (auto& [key, set] : sets) set.pairs = pairs_of(set.dues, set.entries);
        add_charged_entries(sets);
        for (auto& [key, set] : sets)
            for (const auto& [due, entry] : set.pairs) take(*due, *entry);
    }

    static bool is_free_credit(const Entry& entry) {
        return !entry.is_used && entry.payer && !entry.bank->line.is_reversal;
    }
    static Sets::iterator set_of(Sets& sets, const Entry& entry, std::int64_t minor) {
        return sets.find({*entry.payer, entry.bank->currency.code(), minor});
    }

    // In the order of days: an entry goes to the payout whose days end first.
    static std::vector<std::pair<Due*, Entry*>> pairs_of(
        std::vector<Due*> dues, std::vector<Entry*> entries
    ) {
        std::vector<std::pair<Due*, Entry*>> pairs;
        std::ranges::stable_sort(dues, {}, [](const Due* due) { return due->from; });
        std::ranges::stable_sort(entries, {}, [](const Entry* e) { return e->bank->line.booked; });
        std::set<std::pair<Day, std::size_t>> open;  // by last day
        std::size_t next = 0;
        for (auto* entry : entries) {
            const auto day = entry->bank->line.booked;
            for (; next < dues.size() && dues[next]->from <= day; ++next)
                open.emplace(dues[next]->to, next);
            const auto first = open.lower_bound({day, 0});
            if (first == open.end()) continue;
            pairs.emplace_back(dues[first->second], entry);
            open.erase(first);
        }
        return pairs;
    }

    // Of several equal payouts the bank may have kept a little of an earlier one without saying so:
    // then the whole entry of a later one is not the earlier one's. Only where that leaves nothing
    // open: as many entries of nearly the amount are nobody's as payouts are without one.
    void add_charged_entries(Sets& sets) {
        std::set<const Entry*> paired;
        for (const auto& [key, set] : sets)
            for (const auto& [due, entry] : set.pairs) paired.insert(entry);
        std::vector<Entry*> left;
        for (auto& entry : entries_)
            if (is_free_credit(entry) && !paired.contains(&entry)) left.push_back(&entry);
        std::map<Entry*, std::vector<Set*>> near_of;
        for (auto& [key, set] : sets) {
            if (set.is_whole()) continue;
            for (auto* entry : left)
                if (std::ranges::any_of(set.dues, [&](const Due* due) {
                        return is_near(*due, *entry);
                    }))
                    near_of[entry].push_back(&set);
        }
        for (auto& [key, set] : sets) {
            if (set.is_whole() || set.pairs.empty()) continue;
            auto entries = set.entries;
            for (const auto& [entry, near] : near_of)
                if (near == std::vector{&set}) entries.push_back(entry);
            if (entries.size() != set.dues.size()) continue;
            auto pairs = pairs_of(set.dues, std::move(entries));
            if (pairs.size() == set.dues.size()) set.pairs = std::move(pairs);
        }
    }

    // R8: the only entry of that payer which is left, where the bank kept a little of it.
    void match_left_over() {
        std::vector<Entry*> entries;
        for (auto& entry : entries_)
            if (!entry.is_used && entry.payer && !entry.bank->line.is_reversal)
                entries.push_back(&entry);
        std::ranges::stable_sort(entries, {}, [](const Entry* e) { return e->with_charges(); });
        std::map<Entry*, std::vector<Due*>> wanted;
        for (auto& due : dues_) {
            if (due.is_found) continue;
            const auto fits = near(due, entries);
            if (fits.size() == 1)
                wanted[fits.front()].push_back(&due);
            else
                for (auto* entry : fits) wanted[entry].insert(wanted[entry].end(), {&due, &due});
        }
        for (auto* entry : entries) {
            const auto found = wanted.find(entry);
            if (found != wanted.end() && found->second.size() == 1)
                take(*found->second.front(), *entry);
        }
    }

    // What a bank takes for a transfer is little, yet more than 2 % of a small one.
    static std::int64_t taken_at_most(const Due& due) {
        const std::int64_t flat = due.currency.step() > 1 ? 200'000 : 500;
        return std::max(absolute(due.payout->amount_minor) / 50, flat);
    }
    static bool is_near(const Due& due, const Entry& entry) {
        const auto& bank = *entry.bank;
        return *entry.payer == due.processor && bank.currency == due.currency &&
               absolute(plus(entry.with_charges(), -due.payout->amount_minor)) <=
                   taken_at_most(due) &&
               bank.line.booked >= due.from && bank.line.booked <= due.to;
    }

    // At most two, which is one too many.
    static std::vector<Entry*> near(const Due& due, const std::vector<Entry*>& entries) {
        const auto least = due.payout->amount_minor - taken_at_most(due);
        const auto most = due.payout->amount_minor + taken_at_most(due);
        std::vector<Entry*> fits;
        auto at = std::ranges::lower_bound(entries, least, {}, [](const Entry* e) {
            return e->with_charges();
        });
        for (; at != entries.end() && fits.size() < 2 && (*at)->with_charges() <= most; ++at)
            if (is_near(due, **at)) fits.push_back(*at);
        return fits;
    }

    void take(Due& due, Entry& entry) {
        auto& payout = *due.payout;
        due.is_found = entry.is_used = true;
        ++bank_of(*entry.bank).matched;
        payout.state = PayoutState::paid_out;
        payout.bank_minor = entry.minor();
        payout.bank_day = entry.bank->line.booked;
        if (entry.minor() == payout.amount_minor) return;
        payout.bank_charges_minor = entry.bank->line.charges_minor;
        const auto missing = payout.amount_minor - entry.with_charges();
        if (missing == 0) return;
        note(
            due, FindingKind::bank_differs, absolute(missing),
            readable(payout.amount_minor, due.currency) + " were paid out, the bank booked " +
                readable(entry.minor(), due.currency) + " and names charges of " +
                readable(payout.bank_charges_minor, due.currency)
        );
    }

    void note_missing(const Due& due, Time as_of, const Delays& delays) {
        auto& payout = *due.payout;
        const std::chrono::days delay{delays.bank_days};
        if (payout.arrival && as_of - *payout.arrival <= delay) return;
        payout.state = PayoutState::missing;
        note(
            due, FindingKind::payout_not_on_bank, absolute(payout.amount_minor),
            payout.arrival ? "the bank has booked no such payout after " +
                                 std::to_string(delay.count()) + " days"
                           : "the bank has booked no such payout, and nothing tells when it is due"
        );
    }

    void note(const Due& due, FindingKind kind, std::int64_t minor, std::string detail) {
        Finding finding{kind,
                        due.payout->payout_id,
                        minor,
                        due.currency,
                        std::string{name(due.processor)},
                        *due.account};
        finding.detail = std::move(detail);
        finding.payout_id = due.payout->payout_id;
        finding.day = due.payout->bank_day;
        finding.key = key_of(finding, due.currency.code());
        report_.findings.push_back(std::move(finding));
    }

    void note_credit(const Entry& entry) {
        const auto& [account_key, account, currency, line] = *entry.bank;
        Finding finding{
            FindingKind::bank_credit_unknown,
            line.bank_reference.empty() ? line.text : line.bank_reference,
            absolute(line.minor),
            currency,
            std::string{name(*entry.payer)},
            account};
        finding.detail = line.is_reversal ? "the bank took back what is not known to be booked"
                                          : "no payout is known that this would be";
        finding.detail += candidates_of(entry);
        finding.day = line.booked;
        // Equal entries are told apart by a count, which is the same after every import.
        auto what = std::to_string(line.booked.time_since_epoch().count()) + " " +
                    std::to_string(line.minor) + " " + std::to_string(line.part) + " " + line.text;
        const auto number = ++equals_[account_key + " " + line.bank_reference + " " + what];
        finding.key = key_of(finding, what + " " + std::to_string(number));
        report_.findings.push_back(std::move(finding));
    }

    // What has exactly the same amount, for whoever looks into it: a guess that nobody makes here.
    std::string candidates_of(const Entry& entry) {
        std::string names;
        const auto add = [&names](const std::string& one) {
            names += (names.empty() ? "; of exactly this amount: " : ", ") + one;
        };
        const auto minor = absolute(entry.minor());
        for (const auto& [key, account] : report_.accounts) {
            if (key.processor != *entry.payer || key.currency != entry.bank->currency.code())
                continue;
            for (const auto& payout : account.payouts)
                if (absolute(payout.amount_minor) == minor)
                    add("payout " + payout.payout_id + " (" + words_of(payout) + ")");
        }
        for (const auto& other : entries_)
            if (is_free_debit(other) && other.payer == entry.payer && other.minor() == -minor &&
                other.bank->account_key == entry.bank->account_key &&
                other.bank->currency == entry.bank->currency)
                add("a debit on " + date_text(other.bank->line.booked));
        return names;
    }
    static std::string words_of(const PayoutReport& payout) {
        switch (payout.state) {
            case PayoutState::on_the_way:
                return "on its way";
            case PayoutState::missing:
                return "not on the bank";
            case PayoutState::returned:
                return "came back";
            case PayoutState::paid_out:
                break;
        }
        return payout.bank_day ? "on the bank on " + date_text(*payout.bank_day) : "nothing to pay";
    }
    static bool is_free_debit(const Entry& entry) {
        return !entry.is_used && !entry.bank->line.is_reversal && entry.minor() < 0;
    }

    Report& report_;
    std::vector<Entry> entries_;
    std::vector<Due> dues_;
    std::unordered_map<std::string, int> equals_;
};

}  // namespace

void match_bank(
    std::span<const BankEntry> entries, const Delays& delays, Time as_of, Report& report
) {
    BankMatcher matcher{entries, report};
    matcher.match();
    matcher.note_left_over(as_of, delays);
}

}  // namespace payments::settlement
