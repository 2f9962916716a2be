#include "settlement/journal/entries.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "settlement/journal/accounts.hpp"
#include "settlement/journal/output.hpp"
#include "settlement/sums.hpp"

namespace payments::settlement::journal {
namespace {

bool is_of_payout(const Booking& booking) {
    return booking.kind == BookingKind::payout || booking.kind == BookingKind::bank_charge;
}

// Whether two bookings are one entry.
bool belong_together(const Booking& a, const Booking& b) {
    const bool may_be = (a.kind == BookingKind::fee && b.kind == BookingKind::fee) ||
                        (is_of_payout(a) && is_of_payout(b));
    return may_be && a.day == b.day && a.subject == b.subject && a.processor == b.processor &&
           a.account == b.account && a.amount.currency == b.amount.currency &&
           a.corrects == b.corrects && a.is_reversal == b.is_reversal;
}

// Adds to a posting of the same account, where no conversion is at stake.
void add_posting(std::vector<Posting>& postings, const Posting& more) {
    const auto same = std::ranges::find_if(postings, [&](const Posting& posting) {
        return !posting.cost && !more.cost && posting.account == more.account &&
               posting.amount.currency == more.amount.currency;
    });
    if (same == postings.end())
        postings.push_back(more);
    else
        add(same->amount.minor, more.amount.minor);
}

void add_postings(std::vector<Posting>& postings, const Booking& booking) {
    const auto [debit, credit] = sides_of(booking);
    Posting debited{booking.debit, debit}, credited{booking.credit, credit};
    if (booking.facing) {
        auto& facing = booking.amount.minor > 0 ? credited : debited;
        facing.cost = Amount{absolute(booking.amount.minor), booking.amount.currency};
    }
    add_posting(postings, debited);
    add_posting(postings, credited);
}

std::string code_of(const Booking& booking) {
    return code_text(booking.subject.empty() ? booking.reference : booking.subject);
}

void add_tags(Entry& entry, const Booking& booking) {
    const bool is_fee = booking.kind == BookingKind::fee;
    entry.tags.push_back({"kind", is_fee ? "fees" : std::string{name(booking.kind)}});
    const bool is_capture = booking.kind == BookingKind::capture;
    if (is_capture)
        entry.tags.push_back({"provider", std::string{provider_word(booking.processor)}});
    const bool is_named = is_capture || booking.kind == BookingKind::refund ||
                          booking.kind == BookingKind::refund_failure;
    if (is_named && !booking.provider_id.empty())
        entry.tags.push_back({"provider_id", code_text(booking.provider_id)});
    if (is_capture && !booking.fee_type.empty())
        entry.tags.push_back({"fee_type", code_text(booking.fee_type)});
}

// Texts of references come from files, too.
std::string payee_of(const Booking& booking) {
    if (booking.reference.empty()) return text_of(booking);
    auto named = booking;
    const auto reference = code_text(booking.reference);
    named.reference = reference;
    return text_of(named);
}

void settle_order(std::vector<Posting>& postings) {
    std::erase_if(postings, [](const Posting& posting) { return posting.amount.minor == 0; });
    std::stable_partition(postings.begin(), postings.end(), [](const Posting& posting) {
        return posting.amount.minor > 0;
    });
}

}  // namespace

const Entry* EntryReader::next() {
    while (next_) {
        read_entry();
        if (!entry_.postings.empty()) return &entry_;
    }
    return nullptr;
}

void EntryReader::read_entry() {
    auto first = *next_;
    // Its text is gone when the next one is read.
    const std::string subject{first.subject};
    first.subject = subject;
    entry_.day = first.day;
    entry_.code = code_of(*next_);
    entry_.payee = payee_of(*next_);
    entry_.tags.clear();
    add_tags(entry_, *next_);
    entry_.postings.clear();
    do {
        add_postings(entry_.postings, *next_);
        next_ = bookings_.next();
    } while (next_ && belong_together(first, *next_));
    settle_order(entry_.postings);
}

std::string EntriesFile::next() {
    if (!std::exchange(is_begun_, true)) {
        declare();
        if (const auto opening = opening_entry(journal_)) write_entry(*opening);
    }
    while (text_.size() < piece_bytes && !is_done_) {
        const auto* entry = entries_.next();
        is_done_ = !entry;
        if (entry)
            write_entry(*entry);
        else
            write_closing();
    }
    return std::exchange(text_, {});
}

std::optional<Entry> opening_entry(const Journal& journal) {
    Entry entry{journal.first, "opening", "Opening balances"};
    entry.tags.push_back({"kind", "opening"});
    std::map<std::string_view, Amount> against;
    for (const auto& balance : journal.balances) {
        if (balance.opening_minor == 0) continue;
        const Amount amount{balance.opening_minor, balance.currency};
        entry.postings.push_back({balance.account, amount});
        auto& sum =
            against.try_emplace(balance.currency.code(), Amount{0, balance.currency}).first->second;
        add(sum.minor, -balance.opening_minor);
    }
    if (entry.postings.empty()) return std::nullopt;
    for (const auto& [code, amount] : against) entry.postings.push_back({opening_account, amount});
    settle_order(entry.postings);
    return entry;
}

std::vector<std::string_view> accounts_of(const Journal& journal) {
    std::set<std::string_view> names;
    for (const auto& [account, currency] : journal.used) names.insert(account);
    for (const auto& balance : journal.balances) {
        names.insert(balance.account);
        if (balance.opening_minor != 0) names.insert(opening_account);
    }
    return {names.begin(), names.end()};
}

std::vector<Currency> currencies_of(const Journal& journal) {
    std::map<std::string_view, Currency> found;
    const auto note = [&](Currency currency) { found.emplace(currency.code(), currency); };
    for (const auto& [account, currency] : journal.used) note(currency);
    for (const auto& balance : journal.balances) note(balance.currency);
    std::vector<Currency> currencies;
    for (const auto& [code, currency] : found) currencies.push_back(currency);
    return currencies;
}

}  // namespace payments::settlement::journal
