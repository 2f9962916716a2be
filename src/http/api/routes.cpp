#include "http/api/routes.hpp"

#include <algorithm>

#include "support/form.hpp"
#include "support/utf8.hpp"

namespace payments::http {
namespace {

using enum Route::Caller;
using enum Route::Body;

// clang-format off
// A null in the sixth column: no privilege is asked for. The kind of token is enough
// (docs/design.md, 4.4), the handler verifies a signature, or anybody may call.
constexpr Route routes[] = {
    {"listTicketIds",          "GET",  "/payments/ticket-ids",        service, none, nullptr,               list_ticket_ids},
    {"listPaymentOptions",     "POST", "/payments/options",           service, json, nullptr,               list_payment_options},
    {"listTicketTransactions", "POST", "/payments/transactions",      user,    json, may_list_transactions, list_ticket_transactions},
    {"startPayment",           "POST", "/payments/start",             browser, json, nullptr,               post_start, Route::Work::start},
    {"searchTransactions",     "POST", "/payments/search",            either,  json, may_search,            search_transactions},
    {"findTransactions",       "POST", "/payments/find",              user,    json, may_search,            find_transactions},
    {"sumMoney",               "POST", "/payments/sums",              user,    json, may_search,            post_sums},
    {"exportCsv",              "POST", "/payments/export",            user,    json, may_export,            post_export},
    {"getTransaction",         "POST", "/payments/transaction",       user,    json, may_search,            get_transaction},
    {"readMessage",            "POST", "/payments/message",           user,    json, may_read_messages,     read_message},
    {"askProvider",            "POST", "/payments/ask",               user,    json, may_search,            post_ask, Route::Work::outside},
    {"addNote",                "POST", "/payments/notes",             user,    json, may_search,            post_note},
    {"reveal",                 "POST", "/payments/reveal",            user,    json, may_reveal,            post_reveal},
    {"exportPerson",           "POST", "/payments/person/export",     user,    json, may_erase,             export_person},
    {"erasePerson",            "POST", "/payments/person/erase",      user,    json, may_erase,             erase_person},
    {"noteTicketScopes",       "POST", "/payments/ticket-scopes",     service, json, nullptr,               note_ticket_scopes},
    {"listReviews",            "GET",  "/payments/review",            either,  none, may_search,            list_reviews},
    {"closeReview",            "POST", "/payments/review/close",      user,    json, may_review,            post_review},
    {"listActions",            "POST", "/payments/actions",           user,    json, may_audit,             list_actions},
    {"listEvents",             "POST", "/payments/events/list",       user,    json, may_operate,           list_events},
    {"replayEvents",           "POST", "/payments/events/replay",     user,    json, may_operate,           replay_events},
    {"skipEvents",             "POST", "/payments/events/skip",       user,    json, may_operate,           skip_events},
    {"listMessages",           "POST", "/payments/messages",          user,    json, may_operate,           list_messages},
    {"retryMessage",           "POST", "/payments/messages/retry",    user,    json, may_operate,           post_retry},
    {"sendTestEvent",          "POST", "/payments/events/test",       user,    json, may_operate,           post_test_event, Route::Work::outside},
    {"getHealth",              "GET",  "/payments/health",            user,    none, may_operate,           get_health, Route::Work::outside},
    {"refundPayment",          "POST", "/payments/refunds",           user,    json, may_refund,            post_refund, Route::Work::outside},
    {"planRefunds",            "POST", "/payments/refund-runs/plan",  user,    json, may_refund_in_bulk,    post_refund_plan},
    {"startRefundRun",         "POST", "/payments/refund-runs",       user,    json, may_refund_in_bulk,    post_refund_run},
    {"listRefundRuns",         "POST", "/payments/refund-runs/list",  user,    json, may_refund_in_bulk,    list_refund_runs},
    {"getRefundRun",           "POST", "/payments/refund-run",        user,    json, may_refund_in_bulk,    get_refund_run},
    {"steerRefundRun",         "POST", "/payments/refund-run/steer",  user,    json, may_refund_in_bulk,    steer_refund_run},
    {"importSettlement",       "POST", "/payments/settlement/files",  either,  file, may_settle,            import_settlement},
    {"listSettlementFiles",    "GET",  "/payments/settlement/files",  either,  none, may_see_settlements,   list_settlement_files},
    {"getSettlementReport",    "GET",  "/payments/settlement/report", either,  none, may_see_settlements,   get_settlement_report},
    {"getMonthClose",          "GET",  "/payments/settlement/close",  either,  none, may_see_settlements,   get_month_close},
    {"closeMonth",             "POST", "/payments/settlement/close",  user,    json, may_settle,            close_month},
    {"listFindings",           "GET",  "/payments/settlement/findings", either, none, may_see_settlements,  list_findings},
    {"listPayouts",            "GET",  "/payments/settlement/payouts", either, none, may_see_settlements,   list_payouts},
    {"listPayoutLines",        "GET",  "/payments/settlement/payouts/{}/lines", either, none, may_see_settlements, list_payout_lines},
    {"listSettlementEvents",   "GET",  "/payments/settlement/events", user,   none, may_operate_settlements, list_settlement_events},
    {"acceptFinding",          "POST", "/payments/settlement/findings/{}/accept", user, json, may_settle,    accept_finding},
    {"reopenFinding",          "POST", "/payments/settlement/findings/{}/reopen", user, json, may_settle,    reopen_finding},
    {"exportBooks",            "GET",  "/payments/exports/{}",        either,  none, may_export_books,      export_books},
    {"closePayment",           "POST", "/payments/close",             user,    json, may_close,             post_close, Route::Work::outside},
    {"simplePayBackref",       "POST", "/payments/simplepay/backref", browser, json, nullptr,               post_simplepay_backref},
    {"simplePayIpn",           "POST", "/payments/simplepay/ipn",     anyone,  raw,  nullptr,               post_simplepay_ipn},
    {"stripeWebhook",          "POST", "/payments/stripe/webhook",    anyone,  raw,  nullptr,               post_stripe_webhook},
    {"healthz",                "GET",  "/healthz",                    anyone,  none, nullptr,               nullptr, Route::Work::here, healthz},
    {"readyz",                 "GET",  "/readyz",                     anyone,  none, nullptr,               get_readyz},
    {"metrics",                "GET",  "/metrics",                    anyone,  none, nullptr,               get_metrics},
    {"getSession",             "GET",  "/console/session",            session, none, nullptr,               get_session},
    {"listSessions",           "GET",  "/console/sessions",           session, none, nullptr,               list_sessions},
    {"endSessions",            "POST", "/console/sessions/end",       session, json, nullptr,               end_sessions},
    {"signInWithToken",        "POST", "/console/sign-in/token",      page,    json, nullptr,               sign_in_with_token},
    {"signIn",                 "GET",  "/console/sign-in",            visit,   none, nullptr,               sign_in},
    {"finishSignIn",           "GET",  "/console/signed-in",          visit,   none, nullptr,               finish_sign_in},
    {"receiveHandoff",         "GET",  "/console/handoff",            visit,   none, nullptr,               receive_handoff},
    {"getHandoff",             "GET",  "/console/handoff/person",     page,    none, nullptr,               get_handoff},
    {"acceptHandoff",          "POST", "/console/handoff/accept",     page,    none, nullptr,               accept_handoff},
    {"signOut",                "POST", "/console/sign-out",           page,    none, nullptr,               sign_out},
    {"backchannelLogout",      "POST", "/console/backchannel-logout", anyone,  form, nullptr,               backchannel_logout},
};
// clang-format on

bool is_offered(const Route& route, ConsoleSignIn console) {
    if (!route.path.starts_with("/console/")) return true;
    if (route.operation == "signInWithToken") return console == ConsoleSignIn::token;
    if (route.caller == session || route.operation == "signOut")
        return console != ConsoleSignIn::none;
    const bool is_of_handoff = route.path.starts_with("/console/handoff");
    if (console == ConsoleSignIn::handoff) return is_of_handoff || route.operation == "signIn";
    return console == ConsoleSignIn::oidc && !is_of_handoff;
}

// The operations of settlements are moved together.
constexpr std::string_view settlement_path = "/payments/settlement";

}  // namespace

std::span<const Route> all_routes() { return routes; }

std::string path_of(
    const Route& route, const std::map<std::string, std::string, std::less<>>& moved
) {
    const auto place = moved.find(route.operation);
    if (place != moved.end()) return place->second;
    const auto base = moved.find("settlements");
    if (base != moved.end() && route.path.starts_with(settlement_path))
        return base->second + std::string{route.path.substr(settlement_path.size())};
    return std::string{route.path};
}

RouteTable::RouteTable(
    const std::map<std::string, std::string, std::less<>>& moved, ConsoleSignIn console
) {
    for (const auto& route : routes) {
        if (!is_offered(route, console)) continue;
        const auto path = path_of(route, moved);
        const auto place = path.find("{}");
        if (place == std::string::npos)
            by_path_[path].push_back(&route);
        else
            patterns_.push_back({path.substr(0, place), path.substr(place + 2), {&route}});
    }
}

bool RouteTable::Pattern::fits(std::string_view path) const {
    if (path.size() <= before.size() + after.size()) return false;
    const auto segment = path.substr(before.size(), path.size() - before.size() - after.size());
    return path.starts_with(before) && path.ends_with(after) &&
           segment.find('/') == std::string_view::npos;
}

const RouteTable::Pattern* RouteTable::pattern_of(std::string_view path) const {
    const auto found =
        std::ranges::find_if(patterns_, [&](const Pattern& pattern) { return pattern.fits(path); });
    return found == patterns_.end() ? nullptr : &*found;
}

const std::vector<const Route*>* RouteTable::at(std::string_view path) const {
    const auto found = by_path_.find(path);
    if (found != by_path_.end()) return &found->second;
    const auto* pattern = pattern_of(path);
    return pattern == nullptr ? nullptr : &pattern->routes;
}

Result<std::string> RouteTable::segment_in(std::string_view path) const {
    const auto* pattern = pattern_of(path);
    if (pattern == nullptr) return std::string{};
    path.remove_prefix(pattern->before.size());
    path.remove_suffix(pattern->after.size());
    // A plus is a plus in a path and a blank in a form, and "&" parts nothing.
    std::string form = "segment=";
    for (const char c : path)
        form += c == '+' ? std::string{"%2B"} : c == '&' ? std::string{"%26"} : std::string{c};
    const auto pairs = form::read(form);
    if (!pairs || pairs->size() != 1 || !utf8::is_printable(pairs->front().second))
        return Error{Errc::invalid_request, "the address cannot be read"};
    return pairs->front().second;
}

}  // namespace payments::http
