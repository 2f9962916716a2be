#include "sandbox/bank/bank.hpp"
#include "sandbox/budapest.hpp"
#include "sandbox/download.hpp"

// Statements as banks write them.
namespace payments::sandbox::bank {

namespace {

constexpr std::string_view merchant = "KITALÁLT FESZTIVÁL KFT.";

std::string escaped(std::string_view text) {
    std::string result;
    for (const char c : text) {
        if (c == '<')
            result += "&lt;";
        else if (c == '&')
            result += "&amp;";
        else
            result += c;
    }
    return result;
}

std::string element(std::string_view name, std::string_view inner) {
    return "<" + std::string{name} + ">" + std::string{inner} + "</" +
           std::string{name.substr(0, name.find(' '))} + ">";
}

std::string amount(const std::string& currency, std::int64_t minor) {
    return element("Amt Ccy=\"" + currency + "\"", with_two_decimals(minor < 0 ? -minor : minor));
}

std::string direction(std::int64_t minor) {
    return element("CdtDbtInd", minor < 0 ? "DBIT" : "CRDT");
}

std::string balance(
    std::string_view code, const std::string& currency, std::int64_t minor,
    std::chrono::sys_days day
) {
    return element(
        "Bal", element("Tp", element("CdOrPrtry", element("Cd", code))) + amount(currency, minor) +
                   direction(minor) + element("Dt", element("Dt", text_of_day(day)))
    );
}

std::string charges(const std::string& currency, std::int64_t minor) {
    return element(
        "Chrgs", "<TtlChrgsAndTaxAmt Ccy=\"" + currency + "\">" + with_two_decimals(minor) +
                     "</TtlChrgsAndTaxAmt>" +
                     element(
                         "Rcrd", amount(currency, minor) + element("CdtDbtInd", "DBIT") +
                                     element("ChrgInclInd", "true")
                     )
    );
}

// Who paid a credit, or is paid by a debit.
std::string partner(const Transfer& transfer) {
    if (transfer.payer.empty()) return {};
    const std::string side = transfer.minor < 0 ? "Cdtr" : "Dbtr";
    auto who = element(side, element("Pty", element("Nm", escaped(transfer.payer))));
    if (!transfer.payer_account.empty())
        who += element(side + "Acct", element("Id", element("IBAN", transfer.payer_account)));
    return element("RltdPties", who);
}

std::string details(const Entry& entry, bool itemises_charges) {
    const auto& [currency, minor, payer, payer_account, text, reference, is_reversal] =
        entry.transfer;
    const auto booked = minor - entry.charge_minor;
    auto tx = element(
        "Refs", element("AcctSvcrRef", std::to_string(entry.number)) +
                    element("EndToEndId", reference.empty() ? "NOTPROVIDED" : escaped(reference))
    );
    tx += amount(currency, booked) + direction(booked);
    if (entry.charge_minor != 0 && itemises_charges)
        tx += element("AmtDtls", element("InstdAmt", amount(currency, minor))) +
              charges(currency, entry.charge_minor);
    tx += partner(entry.transfer);
    if (!text.empty()) tx += element("RmtInf", element("Ustrd", escaped(text)));
    return element("NtryDtls", element("TxDtls", tx));
}

std::string entry_element(const Entry& entry, std::size_t place, bool itemises_charges) {
    const auto booked = entry.transfer.minor - entry.charge_minor;
    const auto day = element("Dt", text_of_day(entry.day));
    const bool is_transfer = !entry.transfer.payer.empty();
    auto inner = element("NtryRef", std::to_string(place)) +
                 amount(entry.transfer.currency, booked) + direction(booked);
    if (entry.transfer.is_reversal) inner += element("RvslInd", "true");
    inner += element("Sts", element("Cd", "BOOK")) + element("BookgDt", day) +
             element("ValDt", day) + element("AcctSvcrRef", std::to_string(entry.number));
    const auto family = element("Cd", is_transfer ? "RCDT" : "MDOP") + element("SubFmlyCd", "OTHR");
    inner += element("BkTxCd", element("Domn", element("Cd", "PMNT") + element("Fmly", family)));
    return element("Ntry", inner + details(entry, itemises_charges)) + "\n";
}

std::string statement_element(
    const Account& account, const Statement& statement, bool itemises_charges
) {
    const auto year = text_of_day(statement.day).substr(0, 4);
    const auto day = text_of_day(statement.day);
    const auto number = std::to_string(statement.number);
    auto inner = element("Id", account.currency + "-" + year + "-" + number) +
                 element("ElctrncSeqNb", number) + element("CreDtTm", day + "T23:10:00+02:00");
    inner += element(
        "FrToDt",
        element("FrDtTm", day + "T00:00:00+02:00") + element("ToDtTm", day + "T23:59:59+02:00")
    );
    inner += element(
        "Acct", element("Id", element("IBAN", account.iban)) + element("Ccy", account.currency) +
                    element("Ownr", element("Nm", merchant))
    );
    auto closing = statement.opening_minor;
    std::string entries;
    for (std::size_t i = 0; i < statement.entries.size(); ++i) {
        const auto& entry = *statement.entries[i];
        closing += entry.transfer.minor - entry.charge_minor;
        entries += entry_element(entry, i + 1, itemises_charges);
    }
    inner += balance("OPBD", account.currency, statement.opening_minor, statement.day) +
             balance("CLBD", account.currency, closing, statement.day) + "\n" + entries;
    return element("Stmt", inner) + "\n";
}

// Account numbers of 16 digits where the last 8 are zeros, as the table has them.
std::string national(std::string_view iban) {
    if (!iban.starts_with("HU")) return std::string{iban};
    auto digits = std::string{iban.substr(4)};
    if (digits.ends_with("00000000")) digits.resize(16);
    return digits;
}

std::string in_quotes(std::string_view text) {
    std::string cell = "\"";
    for (const char c : text) {
        if (c == '"') cell += '"';
        cell += c;
    }
    return cell + '"';
}

// Forints whole, others with a point.
std::string otp_amount(const std::string& currency, std::int64_t minor) {
    return currency == "HUF" && minor % 100 == 0 ? std::to_string(minor / 100)
                                                 : with_two_decimals(minor);
}

std::string otp_type(const Transfer& transfer) {
    if (transfer.payer.empty()) return "IDŐSZAKOS KÖLTSÉGEK";
    const bool is_foreign = !transfer.payer_account.starts_with("HU");
    return is_foreign ? "DEVIZA ÁTUTALÁS" : "ÁTUTALÁS (OTP-N BELÜL)";
}

}  // namespace

std::string camt053(
    const std::map<std::string, Account>& accounts, const Days& days, Time now,
    bool itemises_charges
) {
    const auto created = budapest_time(now);
    auto inner =
        element("GrpHdr", element("MsgId", "CAMT-" + created) + element("CreDtTm", created)) + "\n";
    for (const auto& [currency, account] : accounts)
        for (const auto& statement : statements_of(account))
            if (days.has(statement.day))
                inner += statement_element(account, statement, itemises_charges);
    return R"(<?xml version="1.0" encoding="UTF-8"?>)"
           "\n<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\">\n" +
           element("BkToCstmrStmt", inner) + "\n</Document>\n";
}

std::string otp_csv(const Account& account, const Days& days) {
    std::string table;
    for (const auto& entry : account.entries) {
        if (!days.has(entry.day)) continue;
        const auto& transfer = entry.transfer;
        const auto minor = transfer.minor - entry.charge_minor;
        const auto day = short_text_of_day(entry.day);
        table += in_quotes(national(account.iban)) + (minor < 0 ? ";T;" : ";J;") +
                 otp_amount(account.currency, minor) + ';' + account.currency + ';' + day + ';' +
                 day + ";;" + national(transfer.payer_account) + ';' + in_quotes(transfer.payer) +
                 ';' + in_quotes(transfer.text) + R"(;"";"";)" + otp_type(transfer) + ";;\r\n";
    }
    return table;
}

}  // namespace payments::sandbox::bank
