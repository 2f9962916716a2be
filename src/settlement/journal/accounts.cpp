#include "settlement/journal/accounts.hpp"

namespace payments::settlement::journal {
namespace {

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
char lowered(char c) { return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c; }

// A part of a name. It begins with a letter or a digit, as beancount wants it.
std::string part_of(std::string_view text) {
    std::string part;
    for (const char c : text) {
        const char small = lowered(c);
        const bool is_plain = is_lower(small) || is_digit(small);
        if (is_plain || !part.empty()) part += is_plain ? small : '-';
    }
    return part.empty() ? "other" : part;
}

std::string of_account(
    std::string_view root, Processor processor, std::string_view account, Currency currency
) {
    auto name = std::string{root} + std::string{provider_word(processor)} + ":";
    if (processor == Processor::simplepay) return name + part_of(account);
    return name + part_of(std::string{account} + "-" + std::string{currency.code()});
}

}  // namespace

std::string clearing_account(Processor processor, std::string_view account, Currency currency) {
    return of_account("assets:clearing:", processor, account, currency);
}

std::string reserve_account(Processor processor, std::string_view account, Currency currency) {
    return of_account("assets:reserve:", processor, account, currency);
}

std::string revenue_account(std::string_view fee_type) { return "revenues:" + part_of(fee_type); }

std::string fee_account(Processor processor, std::string_view kind) {
    if (processor == Processor::simplepay) return "expenses:fees:simplepay";
    return "expenses:fees:stripe:" + part_of(kind);
}

std::string bank_account(Currency currency) { return "assets:bank:" + part_of(currency.code()); }

bool is_carried_on(std::string_view account) {
    return account.starts_with("assets:") && !account.starts_with("assets:bank:");
}

bool is_clearing(std::string_view account) { return account.starts_with("assets:clearing:"); }

std::string beancount_account(std::string_view account) {
    constexpr std::string_view revenues = "revenues:";
    std::string name{account};
    if (account.starts_with(revenues)) name.replace(0, revenues.size(), "income:");
    bool begins = true;
    for (auto& c : name) {
        if (begins && is_lower(c)) c = static_cast<char>(c - 'a' + 'A');
        begins = c == ':' || c == '-';
    }
    return name;
}

std::string code_text(std::string_view text) {
    std::string code{text};
    for (auto& c : code)
        if (!is_lower(c) && !is_upper(c) && !is_digit(c) && c != '_' && c != '.' && c != '-')
            c = '-';
    return code.empty() ? "-" : code;
}

std::string_view provider_word(Processor processor) {
    return processor == Processor::simplepay ? "simplepay" : "stripe";
}

}  // namespace payments::settlement::journal
