#include "simulate/settlement/files.hpp"

#include <cstdio>
#include <sstream>

#include "settlement/sums.hpp"

namespace payments::simulate {
namespace {

using namespace settlement;

// "-104000.00", of currencies with hundredths.
std::string hundredths(std::int64_t minor, char decimal = '.') {
    char text[32];
    std::snprintf(
        text, sizeof text, "%s%lld%c%02lld", minor < 0 ? "-" : "",
        static_cast<long long>(absolute(minor) / 100), decimal,
        static_cast<long long>(absolute(minor) % 100)
    );
    return text;
}

std::string day_text(Day day, const char* form) {
    const std::chrono::year_month_day date{day};
    char text[16];
    std::snprintf(
        text, sizeof text, form, static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
        static_cast<unsigned>(date.day())
    );
    return text;
}
std::string iso_day(Day day) { return day_text(day, "%04d-%02u-%02u"); }

std::string lower_code(Currency currency) {
    std::string code{currency.code()};
    for (char& c : code) c = static_cast<char>(c - 'A' + 'a');
    return code;
}

std::int64_t seconds_of(Day day) { return std::int64_t{day.time_since_epoch().count()} * 86'400; }

std::string number_of(const std::string& reference) { return reference.substr(2); }

std::int64_t part(const SettlementLine& line, std::size_t index) {
    return index < line.fee_parts.size() ? line.fee_parts[index].minor : 0;
}

// ------------------------------------------------------------------------------------ SimplePay

void write_simplepay(const SettlementLine& line, std::string& bytes) {
    const auto add = [&](std::string_view text) { bytes.append(text).append(";"); };
    add(line.kind_as_written);
    add("Bankkártyás fizetés");
    add(line.source_id);
    add(line.reference);
    add(line.at);
    add(line.at);
    add(line.currency.code());
    add(hundredths(line.fee_minor, ','));
    for (std::size_t i = 0; i < 3; ++i) add(hundredths(part(line, i), ','));
    add(hundredths(line.gross_minor, ','));
    add(hundredths(line.net_minor, ','));
    for (const auto* text :
         {"KITALÁLT FESZTIVÁL KFT.", "KITALÁLT FESZTIVÁL KFT.", "https://tickets.example",
          "Kitalált Anna", "anna@example.com"})
        add(text);
    bytes += "\r\n";
}

// --------------------------------------------------------------------------------------- Stripe

// What caused the line, expanded, as `settlement fetch` asks for it.
void write_source(const ToldLine& told, std::ostringstream& out) {
    const auto& line = told.line;
    if (!told.truth) {
        if (line.source_id.empty())
            out << "null";
        else
            out << '"' << line.source_id << '"';
        return;
    }
    const bool is_charge = line.kind == LineKind::charge;
    const bool is_refund = line.kind == LineKind::refund || line.kind == LineKind::refund_failure;
    out << R"({"id":")" << line.source_id << R"(","object":")"
        << (is_charge   ? "charge"
            : is_refund ? "refund"
                        : "dispute")
        << R"(","amount":)" << told.truth->amount.minor() << R"(,"currency":")"
        << lower_code(told.truth->amount.currency()) << R"(","payment_intent":")" << line.payment_id
        << '"';
    if (is_charge)
        out << R"(,"metadata":{"transaction_id":")" << number_of(line.reference) << "\"}";
    else
        out << R"(,"charge":")" << line.charge_id << '"';
    out << '}';
}

std::string rate_text(const Rate& rate) {
    auto digits = std::to_string(rate.digits);
    const auto decimals = static_cast<std::size_t>(rate.decimals);
    if (digits.size() <= decimals) digits.insert(0, decimals + 1 - digits.size(), '0');
    if (decimals > 0) digits.insert(digits.size() - decimals, ".");
    return digits;
}

void write_transaction(const ToldLine& told, std::ostringstream& out) {
    const auto& line = told.line;
    out << R"({"id":")" << line.line_id << R"(","object":"balance_transaction","amount":)"
        << line.gross_minor << R"(,"balance_type":"payments","created":)"
        << seconds_of(line.day.value()) << R"(,"currency":")" << lower_code(line.currency)
        << R"(","exchange_rate":)" << (line.rate ? rate_text(*line.rate) : "null") << R"(,"fee":)"
        << line.fee_minor << R"(,"fee_details":[)";
    for (std::size_t i = 0; i < line.fee_parts.size(); ++i)
        out << (i > 0 ? "," : "") << R"({"amount":)" << line.fee_parts[i].minor
            << R"(,"description":"Stripe )" << line.fee_parts[i].kind
            << R"( fee","type":"stripe_fee"})";
    out << R"(],"net":)" << line.net_minor << R"(,"reporting_category":")" << line.kind_as_written
        << R"(","source":)";
    write_source(told, out);
    out << '}';
}

void write_report_row(
    const ToldPayout& payout, const ToldLine& told, bool is_old, std::string& bytes
) {
    const auto& line = told.line;
    const auto add = [&](std::string_view text) { bytes.append(text).append(","); };
    const bool is_refund = line.kind == LineKind::refund || line.kind == LineKind::refund_failure;
    add(payout.id);
    add(iso_day(payout.arrival) + " 02:00:00");
    add(line.line_id);
    add(line.at);
    add(lower_code(line.currency));
    for (const auto minor : {line.gross_minor, line.fee_minor, line.net_minor})
        add(hundredths(minor));
    add(line.kind_as_written);
    add(is_old && is_refund ? line.charge_id : line.source_id);
    add(told.truth ? hundredths(told.truth->amount.minor()) : "");
    add(told.truth ? lower_code(told.truth->amount.currency()) : "");
    if (!is_old) {
        add(line.payment_id);
        add(line.charge_id);
    }
    add("TRACE-" + payout.id);
    bytes += (told.truth ? number_of(line.reference) : "") + "\n";
}

void write_payout(const ToldPayout& payout, std::ostringstream& out) {
    out << R"({"id":")" << payout.id << R"(","object":"payout","amount":)" << payout.minor
        << R"(,"arrival_date":)" << seconds_of(payout.arrival)
        << R"(,"automatic":true,"currency":")" << lower_code(payout.currency) << R"(","livemode":)"
        << (payout.account == "live" ? "true" : "false")
        << R"(,"statement_descriptor":null,"status":")" << (payout.has_failed ? "failed" : "paid")
        << R"(","trace_id":{"status":"supported","value":"TRACE-)" << payout.id << R"("}})";
}

// ----------------------------------------------------------------------------------------- banks

std::string element(std::string_view name, std::string_view content) {
    std::string text;
    text.append("<").append(name).append(">").append(content).append("</");
    return text.append(name).append(">");
}

std::string amount_element(std::int64_t minor, Currency currency) {
    return "<Amt Ccy=\"" + std::string{currency.code()} + "\">" + hundredths(absolute(minor)) +
           "</Amt>";
}
std::string direction(std::int64_t minor) {
    return element("CdtDbtInd", minor < 0 ? "DBIT" : "CRDT");
}

std::string balance(const char* kind, std::int64_t minor, const Statement& statement, Day day) {
    return element(
        "Bal", element("Tp", element("CdOrPrtry", element("Cd", kind))) +
                   amount_element(minor, statement.currency) + direction(minor) +
                   element("Dt", element("Dt", iso_day(day)))
    );
}

std::string entry(const BankLine& line, Currency currency) {
    std::string charges;
    if (line.charges_minor > 0)
        charges = element(
            "Chrgs", element(
                         "Rcrd", amount_element(line.charges_minor, currency) +
                                     element("CdtDbtInd", "DBIT") + element("ChrgInclInd", "true")
                     )
        );
    const std::string side = (line.minor < 0) != line.is_reversal ? "Cdtr" : "Dbtr";
    std::string parties;
    if (!line.payer.empty())
        parties = element("RltdPties", element(side, element("Pty", element("Nm", line.payer))));
    return element(
        "Ntry",
        amount_element(line.minor, currency) + direction(line.minor) +
            (line.is_reversal ? element("RvslInd", "true") : "") +
            element("Sts", element("Cd", "BOOK")) +
            element("BookgDt", element("Dt", iso_day(line.booked))) +
            element("AcctSvcrRef", line.bank_reference) +
            element(
                "NtryDtls",
                element(
                    "TxDtls", element("Refs", element("EndToEndId", "NOTPROVIDED")) + charges +
                                  parties + element("RmtInf", element("Ustrd", line.text))
                )
            )
    );
}

std::string pending_entry(const Statement& statement) {
    return element(
        "Ntry", amount_element(99'900, statement.currency) + direction(1) +
                    element("Sts", element("Cd", "PDNG"))
    );
}

}  // namespace

SettlementFile simplepay_report(
    const std::string& name, const std::string& account, const ToldLines& lines
) {
    SettlementFile file;
    file.options.name = name;
    file.options.account = account;
    file.bytes =
        "\xEF\xBB\xBFTranzakció státusz;Fizetés típusa;SimplePay tranzakció ID;"
        "Kereskedői tranzakció ID;Tranzakció dátuma;Teljesítés dátuma;Devizanem;"
        "Tranzakciós jutalék;Bankközi díj / Kedvezményalap díj;"
        "Kártyatársasági díj és ONUS tranzakció feldolgozási díj / Rendszerhasználati díj;"
        "Kereskedői díj;Tranzakció összege;Jutalékkal csökkentett összeg;Partner;Fiók név;"
        "Fiók URL;Vásárló;E-mail cím;\r\n";
    for (const auto* told : lines) write_simplepay(told->line, file.bytes);
    return file;
}

SettlementFile stripe_list(
    const std::string& account, const std::string& payout, const ToldLines& lines
) {
    SettlementFile file;
    file.options.name = payout.empty() ? "balance.json" : "stripe-" + payout + ".json";
    file.options.account = account;
    file.options.payout = payout;
    std::ostringstream out;
    out << R"({"object":"list","url":"/v1/balance_transactions","has_more":false,"data":[)";
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (i > 0) out << ',';
        write_transaction(*lines[i], out);
    }
    out << "]}";
    file.bytes = std::move(out).str();
    return file;
}

SettlementFile stripe_report(const ToldPayout& payout, const ToldLines& lines, bool is_old) {
    SettlementFile file;
    file.options.name = payout.id + ".csv";
    file.options.account = payout.account;
    file.bytes =
        "automatic_payout_id,automatic_payout_effective_at,balance_transaction_id,created_utc,"
        "currency,gross,fee,net,reporting_category,source_id,customer_facing_amount,"
        "customer_facing_currency,";
    if (!is_old) file.bytes += "payment_intent_id,charge_id,";
    file.bytes += "trace_id,payment_metadata[transaction_id]\n";
    for (const auto* told : lines) write_report_row(payout, *told, is_old, file.bytes);
    return file;
}

SettlementFile stripe_payouts(
    const std::string& account, const std::vector<const ToldPayout*>& payouts
) {
    SettlementFile file;
    file.options.name = "payouts.json";
    file.options.account = account;
    std::ostringstream out;
    out << R"({"object":"list","url":"/v1/payouts","has_more":false,"data":[)";
    for (std::size_t i = 0; i < payouts.size(); ++i) {
        if (i > 0) out << ',';
        write_payout(*payouts[i], out);
    }
    out << "]}";
    file.bytes = std::move(out).str();
    return file;
}

SettlementFile camt053(const Statement& statement) {
    SettlementFile file;
    file.options.name = "statement_" + statement.id + ".xml";
    const auto from = statement.from.value(), to = statement.to.value();
    auto content = element("Id", statement.id);
    if (statement.number) content += element("ElctrncSeqNb", std::to_string(*statement.number));
    content += element(
                   "FrToDt", element("FrDtTm", iso_day(from) + "T00:00:00+01:00") +
                                 element("ToDtTm", iso_day(to) + "T23:59:59+01:00")
               ) +
               element(
                   "Acct", element("Id", element("IBAN", statement.account)) +
                               element("Ccy", statement.currency.code())
               ) +
               balance("OPBD", statement.opening_minor.value(), statement, from) +
               balance("CLBD", statement.closing_minor.value(), statement, to);
    for (const auto& line : statement.lines) content += entry(line, statement.currency);
    content += pending_entry(statement);
    file.bytes = R"(<?xml version="1.0" encoding="UTF-8"?>)"
                 R"(<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">)" +
                 element(
                     "BkToCstmrStmt",
                     element("GrpHdr", element("MsgId", statement.id)) + element("Stmt", content)
                 ) +
                 "</Document>\n";
    return file;
}

SettlementFile otp_csv(const Statement& statement) {
    SettlementFile file;
    file.options.name = "otp_" + statement.id + ".csv";
    for (const auto& line : statement.lines) {
        const auto day = day_text(line.booked, "%04d%02u%02u");
        file.bytes += "\"" + statement.account + "\";" + (line.minor < 0 ? "T" : "J") + ";" +
                      hundredths(line.minor) + ";" + std::string{statement.currency.code()} + ";" +
                      day + ";" + day + ";;;\"" + line.payer + "\";\"" + line.text +
                      "\";\"\";\"\";UTALAS;;\r\n";
    }
    return file;
}

}  // namespace payments::simulate
