#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "settlement/readers/reading.hpp"

// Lines that were made up, written as a provider's table and read again.
namespace payments::settlement {
namespace {

struct MadeUp {
    int kind = 0;  // of the words below
    std::int64_t gross = 0, fee = 0, net = 0, facing = 0;
    std::string reference{};
};

constexpr std::string_view stripe_words[] = {"charge", "refund", "dispute", "fee", "something_new"};
constexpr LineKind stripe_kinds[] = {
    LineKind::charge, LineKind::refund, LineKind::dispute, LineKind::fee, LineKind::unknown};

rc::Gen<std::int64_t> any_amount() {
    return rc::gen::inRange<std::int64_t>(-amount_limit_minor, amount_limit_minor + 1);
}

rc::Gen<std::vector<MadeUp>> some_lines() {
    const auto text =
        rc::gen::container<std::string>(rc::gen::elementOf(std::string{"aZ;,\"\n '="}));
    return rc::gen::resize(
        20, rc::gen::nonEmpty(rc::gen::container<std::vector<MadeUp>>(rc::gen::build<MadeUp>(
                rc::gen::set(&MadeUp::kind, rc::gen::inRange(0, 5)),
                rc::gen::set(&MadeUp::gross, any_amount()),
                rc::gen::set(&MadeUp::fee, any_amount()), rc::gen::set(&MadeUp::net, any_amount()),
                rc::gen::set(&MadeUp::facing, any_amount()), rc::gen::set(&MadeUp::reference, text)
            )))
    );
}

std::string major(std::int64_t minor, int decimals, char mark) {
    auto digits = std::to_string(std::abs(minor));
    const auto count = static_cast<std::size_t>(decimals);
    if (digits.size() <= count) digits.insert(0, count + 1 - digits.size(), '0');
    if (count > 0) digits.insert(digits.size() - count, 1, mark);
    return (minor < 0 ? "-" : "") + digits;
}

std::string in_quotes(const std::string& text) {
    std::string quoted = "\"";
    for (const char c : text) quoted += c == '"' ? "\"\"" : std::string(1, c);
    return quoted + '"';
}

std::int64_t with_sign_of(std::int64_t minor, std::int64_t other) {
    return other < 0 ? -std::abs(minor) : std::abs(minor);
}

RC_GTEST_PROP(StripeCsv, says_again_whatever_was_written, (bool with_comma)) {
    const auto lines = *some_lines();
    const auto [code, decimals] = *rc::gen::element(
        std::pair<std::string, int>{"huf", 2}, std::pair<std::string, int>{"eur", 2},
        std::pair<std::string, int>{"jpy", 0}
    );
    const auto amount = [&, places = decimals](std::int64_t minor) {
        return in_quotes(major(minor, places, with_comma ? ',' : '.'));
    };
    std::string text =
        "customer_email,reporting_category,net,fee,gross,currency,balance_transaction_id,"
        "customer_facing_amount,customer_facing_currency,payment_metadata[transaction_id]\n";
    for (std::size_t i = 0; i < lines.size(); ++i)
        text += "somebody@example.com," + std::string{stripe_words[lines[i].kind]} + ',' +
                amount(lines[i].net) + ',' + amount(lines[i].fee) + ',' + amount(lines[i].gross) +
                ',' + code + ",txn_" + std::to_string(i) + ',' + amount(lines[i].facing) + ',' +
                code + ',' + in_quotes(lines[i].reference) + '\n';

    const auto file = read_file(text, {}).value();
    RC_ASSERT(file.lines.size() == lines.size());
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const auto& read = file.lines[i];
        RC_ASSERT(read.line_id == "txn_" + std::to_string(i));
        RC_ASSERT(read.kind == stripe_kinds[lines[i].kind]);
        RC_ASSERT(read.gross_minor == lines[i].gross);
        RC_ASSERT(read.fee_minor == lines[i].fee);
        RC_ASSERT(read.net_minor == lines[i].net);
        RC_ASSERT(read.facing->minor == with_sign_of(lines[i].facing, lines[i].gross));
        RC_ASSERT(read.reference == lines[i].reference);
        RC_ASSERT(tell(read).find("example.com") == std::string::npos);
    }
}

RC_GTEST_PROP(SimplePayReport, says_again_whatever_was_written, (bool wrapped)) {
    const auto lines = *some_lines();
    const auto amount = [](std::int64_t minor) { return major(minor, 2, ','); };
    std::string text =
        "Tranzakció státusz;Vásárló;SimplePay tranzakció ID;Kereskedői tranzakció ID;"
        "Tranzakció dátuma;Devizanem;Tranzakciós jutalék;Tranzakció összege;"
        "Jutalékkal csökkentett összeg;\r\n";
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const auto id = std::to_string(914'300'000 + i);
        text += std::string{lines[i].kind == 1 ? "REFUND" : "COMPLETED"} + ';' +
                in_quotes(lines[i].reference + "somebody") + ';' +
                (wrapped ? "=\"" + id + '"' : id) + ";TR1;2026-07-08 12:00:00;EUR;" +
                amount(lines[i].fee) + ';' + amount(lines[i].gross) + ';' + amount(lines[i].net) +
                ";\r\n";
    }
    const auto file = read_file(text, {.name = "r.csv", .account = "S1"}).value();
    RC_ASSERT(file.lines.size() == lines.size());
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const auto& read = file.lines[i];
        const bool is_refund = lines[i].kind == 1;
        const auto out = [&](std::int64_t minor) { return is_refund ? -std::abs(minor) : minor; };
        RC_ASSERT(read.kind == (is_refund ? LineKind::refund : LineKind::charge));
        RC_ASSERT(read.source_id == std::to_string(914'300'000 + i));
        RC_ASSERT(read.gross_minor == out(lines[i].gross));
        RC_ASSERT(read.fee_minor == lines[i].fee);
        RC_ASSERT(read.net_minor == out(lines[i].net));
        RC_ASSERT(tell(read).find("somebody") == std::string::npos);
    }
}

}  // namespace
}  // namespace payments::settlement
