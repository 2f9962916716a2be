#include "commands/visitor/visitor.hpp"

#include <iostream>
#include <iterator>
#include <thread>

#include "app/contexts.hpp"
#include "commands/actor.hpp"
#include "commands/exit_code.hpp"
#include "commands/input_files.hpp"
#include "commands/output_file.hpp"
#include "commands/visitor/asked_erasures.hpp"
#include "http/api/office/person_wire.hpp"
#include "payment/email.hpp"
#include "support/clock.hpp"
#include "support/log.hpp"
#include "support/text.hpp"
#include "support/times.hpp"

namespace payments {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t erasures_together = 1'000;

// Whoever has the machine sees everything.
std::optional<Person> person_of(const VisitorOptions& options) {
    Person person;
    person.sight.is_everywhere = true;
    if (options.ticket > 0) {
        person.ticket_id = options.ticket;
        return person;
    }
    std::string line;
    std::getline(std::cin, line);
    const auto email = std::string{text::trim(line)};
    if (!is_email(email)) {
        std::cerr << "ozora-payments: standard input holds no e-mail address, and there is no"
                     " --ticket\n";
        return {};
    }
    person.email = fold_email(email);
    return person;
}

std::string listed(const std::vector<std::string>& names) {
    std::string text;
    for (const auto& one : names) text += (text.empty() ? "" : ", ") + one;
    return text;
}

std::string what_is_held(const PersonalPayment& payment) {
    std::string text = payment.has_email ? "e-mail address" : "";
    const auto add = [&](const std::string& more) { text += (text.empty() ? "" : "; ") + more; };
    if (!payment.members.empty()) add("billing data (" + listed(payment.members) + ")");
    if (payment.messages > 0) add(std::to_string(payment.messages) + " raw messages");
    if (payment.notes > 0) add(std::to_string(payment.notes) + " notes");
    return text.empty() ? "nothing" : text;
}

// What becomes, or has become, of it.
std::string fate_of(const PersonalPayment& payment) {
    if (payment.state == DataState::erased) return "erased " + rfc3339(*payment.erased_at);
    const auto kept = payment.kept_until
                          ? listed(payment.kept_members) + " kept for accounts until " +
                                http::text_of_day(*payment.kept_until)
                          : "";
    if (payment.state == DataState::restricted) return "erased; " + kept;
    if (payment.fate.fate == DataFate::waits)
        return "kept while the payment, a refund or a dispute is under way";
    return kept.empty() ? "may go" : "may go; " + kept;
}

void print_backups(const PersonalBackups& backups) {
    if (backups.count == 0)
        std::cout << "backups: none was noted (note-backup) while this was in the database\n";
    else
        std::cout << "backups: " << backups.count << " noted, from " << rfc3339(*backups.first)
                  << " to " << rfc3339(*backups.last) << ", hold what was there then\n";
    if (backups.gone_by)
        std::cout << "  the last of them is deleted on " << http::text_of_day(*backups.gone_by)
                  << "\n";
    else if (!backups.kept_days)
        std::cout << "  how long they are kept is not known (PAYMENTS_PERSONAL_BACKUP_DAYS)\n";
}

void print(const PersonalReport& report, bool as_json, std::string_view held) {
    if (as_json) {
        std::cout << json::write(http::write_person_report(report)) << "\n";
        return;
    }
    for (const auto& payment : report.payments)
        std::cout << "TR" << payment.id << ", ticket " << payment.ticket_id << ", "
                  << payment.amount.decimal() << " " << payment.amount.currency().code() << ", "
                  << name(payment.status) << "\n  " << held << ": " << what_is_held(payment)
                  << "\n  " << fate_of(payment) << "\n";
    if (report.payments.empty()) std::cout << "no payment is known\n";
    if (!report.is_all)
        std::cout << "these are the first " << payments_of_person_max << ": there are more\n";
    if (!report.payments.empty()) print_backups(report.backups);
    for (const auto& one : report.exports)
        std::cout << "export: " << one.by << " took out " << one.what
                  << " with e-mail addresses on " << rfc3339(one.at) << "\n";
    if (report.is_postgres)
        std::cout << "files: the server holds old versions of rows until VACUUM, and its"
                     " write-ahead log until it is recycled (docs/personal_data.md, 6)\n";
    else
        std::cout << "files: " << (report.are_files_clean ? "hold" : "may still hold")
                  << (report.are_files_clean ? " nothing that was erased\n"
                                             : " parts of what was erased\n");
}

// On this thread: there is nobody else to wait for.
PersonalLedger ledger_of(const Settings& settings, const PersonalDataRules& rules) {
    return {open_database(database_of(settings)), rules};
}

// Until nothing is left to do; a service that does it just now is waited for, as somebody who
// reads: for half a minute in which nothing moves on.
bool keep_to_the_end(PersonalLedger& ledger) {
    const SystemClock clock{};
    for (auto until = clock.steady() + 30s; clock.steady() < until;) {
        const auto step = ledger.keep(clock.now());
        if (step == RetentionStep::nothing_left && ledger.retention().are_files_clean) return true;
        if (step == RetentionStep::more)
            until = clock.steady() + 30s;
        else
            std::this_thread::sleep_for(100ms);
    }
    std::cerr << "ozora-payments: the database is read all the time; `serve` goes on later\n";
    return false;
}

Result<std::string> text_of_list(const std::string& file) {
    if (file == "-") return std::string{std::istreambuf_iterator<char>{std::cin}, {}};
    return bytes_of(file);
}

void print_repeated(const RepeatedErasures& repeated, std::int64_t waiting) {
    std::cout << repeated.noted.size() << " payments erased again, " << repeated.known
              << " were on record as erased or to be erased, " << waiting
              << " wait until they are over\n";
    for (const auto id : repeated.unknown)
        std::cerr << "ozora-payments: TR" << id
                  << " of the list is not on record: when reconcile --owners has put it there,"
                     " erase it by its ticket\n";
}

// After a restore.
int erase_again(const Settings& settings, const VisitorOptions& options) {
    redact_secrets(settings);
    const auto text = text_of_list(options.again);
    if (!text) {
        std::cerr << "ozora-payments: " << options.again << ": " << text.error().detail << "\n";
        return exit_code::wrong_usage;
    }
    auto list = read_asked_erasures(*text);
    if (list.empty()) {
        std::cerr << "ozora-payments: " << options.again << " names no erasure\n";
        return exit_code::wrong_usage;
    }
    const auto now = SystemClock{}.now();
    for (auto& one : list) {
        one.by = actor_of(options.by);
        one.why = options.why;
        one.asked_at = now;
    }
    const auto rules = personal_rules_of(settings);
    auto ledger = ledger_of(settings, rules);
    const auto repeated = ledger.ask_again(std::move(list), now);
    for (const auto id : repeated.noted) ledger.erase_payment(id, now);
    const bool is_clean = keep_to_the_end(ledger);
    print_repeated(repeated, ledger.retention().waiting);
    return is_clean && repeated.unknown.empty() ? exit_code::done : exit_code::failed;
}

}  // namespace

int show_visitor(const Settings& settings, const VisitorOptions& options) {
    redact_secrets(settings);
    const auto person = person_of(options);
    if (!person) return exit_code::wrong_usage;
    const auto rules = personal_rules_of(settings);
    print(ledger_of(settings, rules).look(*person, SystemClock{}.now()), options.as_json, "held");
    return exit_code::done;
}

int export_visitor(const Settings& settings, const VisitorOptions& options) {
    redact_secrets(settings);
    const auto person = person_of(options);
    if (!person) return exit_code::wrong_usage;
    const auto rules = personal_rules_of(settings);
    OutputFile output{options.output};
    const PersonRequest request{actor_of(options.by), options.why, SystemClock{}.now()};
    auto ledger = ledger_of(settings, rules);
    const auto ids = ledger.begin_export(*person, request);
    http::PersonFile file{ids};
    for (auto some = file.next(); !some.empty(); some = file.next())
        output.write(file.add(ledger.read(some, person->sight)));
    output.write(file.end(ledger.look_elsewhere(*person, file.oldest(), request.now)) + "\n");
    output.finish();
    std::cerr << ids.size() << " payments\n";
    return exit_code::done;
}

int erase_visitor(const Settings& settings, const VisitorOptions& options) {
    if (!options.again.empty()) return erase_again(settings, options);
    redact_secrets(settings);
    const auto person = person_of(options);
    if (!person) return exit_code::wrong_usage;
    const auto rules = personal_rules_of(settings);
    auto ledger = ledger_of(settings, rules);
    const PersonRequest request{actor_of(options.by), options.why, SystemClock{}.now()};
    // Its report says it all.
    log::set_level(log::Level::warning);
    auto report = ledger.erase(*person, request);
    const bool is_clean = keep_to_the_end(ledger);
    report.are_files_clean = is_clean;
    print(report, options.as_json, "was held");
    return is_clean ? exit_code::done : exit_code::failed;
}

int erase_due(const Settings& settings) {
    redact_secrets(settings);
    const auto rules = personal_rules_of(settings);
    auto ledger = ledger_of(settings, rules);
    const bool is_clean = keep_to_the_end(ledger);
    const auto state = ledger.retention();
    std::cout << state.waiting << " payments wait to be erased, of " << state.restricted
              << " billing data are kept for accounts\n";
    return is_clean ? exit_code::done : exit_code::failed;
}

int list_erasures(const Settings& settings, const VisitorOptions& options) {
    redact_secrets(settings);
    const auto rules = personal_rules_of(settings);
    auto ledger = ledger_of(settings, rules);
    std::int64_t behind = 0;
    while (true) {
        const auto asked = ledger.asked_since(options.since, behind, erasures_together);
        if (asked.empty()) return exit_code::done;
        for (const auto& one : asked) std::cout << line_of(one) << "\n";
        behind = asked.back().transaction_id;
    }
}

}  // namespace payments
