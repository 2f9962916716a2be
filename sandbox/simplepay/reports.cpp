#include "sandbox/simplepay/reports.hpp"

#include <algorithm>
#include <map>

#include "sandbox/budapest.hpp"
#include "sandbox/download.hpp"
#include "sandbox/simplepay/simplepay.hpp"
#include "support/json.hpp"

namespace payments::sandbox {

using namespace simplepay;
using namespace std::chrono;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view payer = "SIMPLEPAY ZRT.";
constexpr std::int64_t cards_of_its_own_bank = 7;  // every seventh costs no interchange

// Labels of 2026, and of 2021 where they differ (docs/providers/simplepay.md, 18.3).
struct Label {
    std::string_view now, in_2021 = now;
};
constexpr Label labels[] = {
    {"Tranzakció státusz", "Tranzakció státusza"},
    {"Fizetés típusa"},
    {"SimplePay tranzakció ID"},
    {"Kereskedői tranzakció ID"},
    {"Tranzakció dátuma"},
    {"Teljesítés dátuma"},
    {"Devizanem"},
    {"Tranzakciós jutalék"},
    {"Bankközi díj / Kedvezményalap díj", "Bankközi jutalék"},
    {"Kártyatársasági díj és ONUS tranzakció feldolgozási díj / Rendszerhasználati díj",
     "Kártyatársasági díj"},
    {"Kereskedői díj"},
    {"Tranzakció összege"},
    {"Jutalékkal csökkentett összeg"},
    {"Partner"},
    {"Fiók név"},
    {"Fiók URL"},
    {"Vásárló"},
    {"E-mail cím"},
};

// People who do not exist; the payer's own name is none of a test file's business.
struct Person {
    std::string_view name, email;
};
constexpr Person people[] = {
    {"Kitalált Anna", "anna@example.com"},
    {"Kovács; Béla \"Bé\"", "bela@example.com"},
    {"=Kitalált Cili", "cili@example.com"},
};

sys_days local_day(Time time) {
    return *day_in(std::string_view{budapest_time(time)}.substr(0, 10));
}

std::string local_time(Time time) {
    auto text = budapest_time(time).substr(0, 19);
    text[10] = ' ';
    return text;
}

std::string account_of(const std::string& currency) {
    if (currency == "HUF") return "HU32117940082054608500000000";
    if (currency == "EUR") return "HU76117940082054608600000000";
    return "HU23117940082054608700000000";
}

std::string row(
    const WeeklyReport& report, const ReportLine& line, ReportHeader header, bool is_positive
) {
    const auto id = [&](const std::string& text) {
        return header == ReportHeader::of_2021 ? table_cell("=\"" + text + "\"", ';') : text;
    };
    const auto sum = [](std::int64_t minor) { return with_two_decimals(minor, ','); };
    const auto way = line.is_refund && is_positive ? -1 : 1;
    const auto& person = people[static_cast<std::size_t>(line.id) % std::size(people)];
    const std::string merchant = "KITALÁLT FESZTIVÁL KFT.";
    std::string text = line.is_refund ? "REFUND" : "COMPLETED";
    for (const auto& cell :
         {std::string{"Bankkártyás fizetés"}, id(std::to_string(line.id)), id(line.order_ref),
          local_time(line.begun), local_time(line.done), report.currency,
          sum(line.commission.all()), sum(line.commission.interchange), sum(line.commission.scheme),
          sum(line.commission.own), sum(way * line.gross), sum(way * line.net()), merchant,
          merchant, std::string{"https://tickets.example"}, table_cell(person.name, ';'),
          std::string{person.email}})
        text += ';' + cell;
    return text + ";\r\n";
}

}  // namespace

Commission simplepay::commission_on(
    std::int64_t charged, std::string_view currency, std::int64_t id
) {
    // Forints have no fractions here.
    const std::int64_t step = currency == "HUF" ? 100 : 1;
    const auto share = [&](std::int64_t in_10_000) {
        return charged * in_10_000 / 10'000 / step * step;
    };
    Commission commission;
    if (id % cards_of_its_own_bank != 0) commission.interchange = share(20);
    commission.scheme = share(15);
    commission.own = share(115);
    return commission;
}

std::string WeeklyReport::name() const { return "report_" + short_text_of_day(day) + ".csv"; }

std::string simplepay::report_csv(
    const WeeklyReport& report, ReportHeader header, bool shows_refunds_positive
) {
    const bool is_old = header == ReportHeader::of_2021;
    std::string text = is_old ? "" : "\xEF\xBB\xBF";
    for (const auto& label : labels) text += std::string{is_old ? label.in_2021 : label.now} + ';';
    text += "\r\n";
    for (const auto& line : report.lines) text += row(report, line, header, shows_refunds_positive);
    return text;
}

sys_days simplepay::week_end(Time moment) {
    const auto day = local_day(moment);
    return day + (Monday - weekday{day} == days{0} ? days{7} : Monday - weekday{day});
}

Time simplepay::made_at(sys_days end) { return Time{end} + days{2} + 7h; }

// Money has moved: a report will tell.
void SimplePay::plan_report() {
    const auto end = week_end(world_.clock.now());
    if (!planned_reports_.insert(end).second) return;
    world_.clock.at(made_at(end), [this, end] {
        // Not when all was forgotten meanwhile.
        if (planned_reports_.erase(end) > 0) make_reports(end);
    });
}

// A report for each account in which something happened before `end` that none has told of yet.
void SimplePay::make_reports(sys_days end) {
    std::map<std::string, WeeklyReport> made;
    const auto add = [&](const Payment& payment, ReportLine line) {
        auto& report = made[payment.merchant];
        report.merchant = payment.merchant;
        report.currency = payment.order.currency;
        report.lines.push_back(std::move(line));
    };
    const auto is_due = [&](Time done) { return local_day(done) < end; };
    for (auto& [id, payment] : payments_) {
        if (payment.state != State::finished || !payment.finished) continue;
        const auto& order = payment.order;
        if (!payment.is_reported && is_due(*payment.finished)) {
            payment.is_reported = true;
            add(payment, {false, id, order.order_ref, payment.created, *payment.finished,
                          payment.charged, commission_on(payment.charged, order.currency, id)});
        }
        for (auto& refund : payment.refunds) {
            if (refund.is_reported || !is_due(refund.at)) continue;
            refund.is_reported = true;
            add(payment,
                {true, refund.id, order.order_ref, refund.at, refund.at, -refund.total, {}});
        }
    }
    for (auto& [merchant, report] : made) transfer(std::move(report));
}

void SimplePay::transfer(WeeklyReport report) {
    report.day = local_day(world_.clock.now());
    auto& left = left_.try_emplace(report.merchant, 0).first->second;
    report.brought = left;
    auto sum = left;
    for (const auto& line : report.lines) sum += line.net();
    report.transferred = std::max<std::int64_t>(sum, 0);
    left = std::min<std::int64_t>(sum, 0);
    if (report.transferred > 0 && pay_to_) {
        Transfer transfer{report.currency, report.transferred, std::string{payer}};
        transfer.payer_account = account_of(report.currency);
        transfer.text = "T" + std::to_string(655'300'777 + reports_.size());
        pay_to_(transfer);
    }
    reports_.push_back(std::move(report));
}

// /reports, and /reports/<merchant>/report_20260708.csv, with ?header=2021 as it was then.
Reply SimplePay::serve_reports(const Request& request) const {
    std::vector<std::pair<std::string, std::string>> links;
    for (const auto& report : reports_) {
        const auto path = "/reports/" + report.merchant + "/" + report.name();
        if (request.path == path) {
            const auto header = request.parameter("header") == "2021" ? ReportHeader::of_2021
                                                                      : ReportHeader::of_2026;
            return download(
                report.name(), "text/csv; charset=utf-8",
                report_csv(report, header, settings_.shows_refunds_positive)
            );
        }
        links.emplace_back(
            path, report.merchant + ", " + text_of_day(report.day) + ": " +
                      with_two_decimals(report.transferred) + " " + report.currency
        );
    }
    const bool is_page =
        request.path == "/" || request.path == "/reports" || request.path == "/reports/";
    if (!is_page) return Reply{404, "text/html", "<h1>Not found</h1>"};
    return page_of_links(
        "SimplePay stand-in: reports",
        "What comes by e-mail each week with a transfer. ?header=2021 gives it as it was then.",
        links
    );
}

Reply SimplePay::list_reports() const {
    json::array reports;
    for (const auto& report : reports_)
        reports.push_back(json::object{
            {"merchant", report.merchant},
            {"currency", report.currency},
            {"name", report.name()},
            {"path", "/reports/" + report.merchant + "/" + report.name()},
            {"lines", report.lines.size()},
            {"brought", report.brought},
            {"transferred", report.transferred}});
    return json_reply(200, {{"reports", reports}});
}

}  // namespace payments::sandbox
