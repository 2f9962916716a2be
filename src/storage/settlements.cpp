#include "storage/settlements.hpp"

#include <algorithm>

#include "storage/settlement_books.hpp"
#include "storage/work_thread.hpp"

namespace payments {
namespace {

using namespace settlement;

// A bank account that the settings do not name is not ours: its entries would be findings.
Result<void> check_is_ours(const SettlementRules& rules, const ParsedFile& file) {
    if (rules.bank_accounts.empty()) return {};
    for (const auto& statement : file.statements) {
        const auto ours = rules.bank_accounts.find(statement.currency.code());
        const auto key = bank_account_key(statement.account);
        const auto is_it = [&](const std::string& account) {
            return bank_account_key(account) == key;
        };
        if (ours == rules.bank_accounts.end() || std::ranges::none_of(ours->second, is_it))
            return Error{
                Errc::invalid_request,
                "is about the account " + statement.account + " in " +
                    std::string{statement.currency.code()} +
                    ", which PAYMENTS_SETTLEMENT_BANK_ACCOUNTS does not name"};
    }
    return {};
}

Result<ImportedFile> take(
    const DatabaseTarget& database, const SettlementRules& rules, SentFile& sent
) {
    auto& options = sent.options;
    if (options.mapping.empty() && !options.format && !recognise(sent.bytes))
        options.mapping = rules.mapping;
    const auto content = read_file(sent.bytes, options);
    if (!content) return content.error();
    if (const auto ours = check_is_ours(rules, *content); !ours) return ours.error();
    return open_settlements(database).take(
        *content, file_of(sent, content->format), sent.only_tries
    );
}

class ThreadedSettlements final : public Settlements {
public:
    ThreadedSettlements(DatabaseTarget database, SettlementRules rules)
        : database_(std::move(database)), rules_(std::move(rules)) {}

    Task<Result<ImportedFile>> import_file(SentFile file) override {
        auto sent = std::make_shared<SentFile>(std::move(file));
        return thread_.run([this, sent] { return take(database_, rules_, *sent); });
    }
    Task<std::shared_ptr<OpenMatching>> open_matching(Moment moment) override {
        return thread_.run([this, moment] {
            auto ledger = open_settlements(database_);
            return payments::open_matching(ledger, rules_.delays, moment);
        });
    }
    Task<Report> finish_matching(std::shared_ptr<OpenMatching> open) override {
        return thread_.run([open] { return open->matching->finish(open->decisions); });
    }
    Task<std::shared_ptr<OpenJournal>> open_journal(
        journal::Period period, const TimeZone& zone, Moment moment
    ) override {
        return thread_.run([this, period, &zone, moment] {
            auto ledger = open_settlements(database_);
            return payments::open_journal(ledger, period, zone, moment);
        });
    }
    Task<std::string> next_of_journal(std::shared_ptr<OpenJournal> open, journal::FileFormat format)
        override {
        return thread_.run([open, format] { return open->next(format); });
    }
    Task<std::shared_ptr<OpenClose>> open_close(
        journal::Month month, const TimeZone& zone, Moment moment
    ) override {
        return thread_.run([this, month, &zone, moment] {
            auto ledger = open_settlements(database_);
            return payments::open_close(ledger, rules_.delays, month, zone, moment);
        });
    }
    Task<ClosedMonth> finish_close(std::shared_ptr<OpenClose> open) override {
        return thread_.run([open] {
            return ClosedMonth{open->maker.finish(open->decisions), open->record};
        });
    }
    Task<std::vector<SettlementLine>> lines_of(std::string payout_id) override {
        return thread_.run([this, id = std::move(payout_id)] {
            return open_settlements(database_).lines_of(id);
        });
    }
    Task<std::vector<KeptFile>> files() override {
        return thread_.run([this] { return open_settlements(database_).files(); });
    }
    Task<std::vector<KeptDecision>> decisions() override {
        return thread_.run([this] { return open_settlements(database_).decisions(); });
    }
    Task<KeptDecision> keep(KeptDecision decision) override {
        return thread_.run([this, decision = std::move(decision)] {
            return open_settlements(database_).keep(decision);
        });
    }
    Task<Result<KeptDecision>> close_month(journal::MonthClosing closing, Actor by) override {
        return thread_.run([this, closing = std::move(closing), by = std::move(by)] {
            return open_settlements(database_).close(closing, by);
        });
    }
    Task<MatchResult> newest_result() override {
        return thread_.run([this] { return open_settlements(database_).newest_result(); });
    }
    Task<bool> claim_matching(Time now, Time until) override {
        return thread_.run([this, now, until] {
            return open_settlements(database_).claim_matching(now, until);
        });
    }
    Task<void> note_result(std::vector<Unexplained> unexplained, Time at) override {
        auto work = [this, unexplained = std::move(unexplained), at] {
            open_settlements(database_).note_result(unexplained, at);
            return true;
        };
        co_await thread_.run(std::move(work));
    }
    Task<std::size_t> note_told(std::vector<Standing> told, Time at) override {
        return thread_.run([this, told = std::move(told), at] {
            return open_settlements(database_).note_told(told, at);
        });
    }
    Task<std::vector<SettlementEvent>> claim_events(Time now, int limit) override {
        return thread_.run([this, now, limit] {
            return open_settlements(database_).claim_events(now, limit);
        });
    }
    Task<void> record_delivery(SettlementEvent event, DeliveryOutcome outcome) override {
        auto work = [this, event = std::move(event), outcome = std::move(outcome)] {
            open_settlements(database_).record_delivery(event, outcome);
            return true;
        };
        co_await thread_.run(std::move(work));
    }
    Task<std::vector<SettlementEvent>> find_events(SettlementEventsQuery query) override {
        return thread_.run([this, query] { return open_settlements(database_).find_events(query); }
        );
    }
    Task<std::int64_t> change_events(SettlementEventsChange change) override {
        return thread_.run([this, change = std::move(change)] {
            return open_settlements(database_).change_events(change);
        });
    }
    Task<Backlog> backlog() override {
        return thread_.run([this] { return open_settlements(database_).backlog(); });
    }
    std::optional<Time> begins() const override { return rules_.begins; }

private:
    const DatabaseTarget database_;
    const SettlementRules rules_;
    WorkThread thread_;  // last: what runs on it uses the others
};

}  // namespace

KeptFile file_of(const SentFile& sent, settlement::Format format) {
    KeptFile file;
    file.sha256 = ledger::body_hash(sent.bytes);
    file.format = format;
    file.account = sent.options.account;
    file.payout = sent.options.payout;
    // The name of a SimplePay report is that of its payout, so that the same bytes by another name
    // say something else: which of them is the first by name must not depend on which came first.
    if (format == Format::simplepay && file.payout.empty())
        file.payout = sent.options.name.substr(0, sent.options.name.rfind('.'));
    file.name = sent.options.name;
    file.size = std::ssize(sent.bytes);
    if (!sent.options.mapping.empty()) file.mapping = ledger::body_hash(sent.options.mapping);
    file.at = sent.at;
    file.by = sent.by;
    return file;
}

std::unique_ptr<Settlements> settlements_of(DatabaseTarget database, SettlementRules rules) {
    return std::make_unique<ThreadedSettlements>(std::move(database), std::move(rules));
}

}  // namespace payments
