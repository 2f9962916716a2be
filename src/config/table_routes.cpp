#include <iterator>
#include <stdexcept>

#include "config/rows.hpp"

namespace payments::config {
namespace {

constexpr RouteSetting route_settings[] = {
    {"PAYMENTS_ROUTE_LIST_TICKET_IDS", "listTicketIds"},
    {"PAYMENTS_ROUTE_LIST_PAYMENT_OPTIONS", "listPaymentOptions"},
    {"PAYMENTS_ROUTE_LIST_TICKET_TRANSACTIONS", "listTicketTransactions"},
    {"PAYMENTS_ROUTE_START_PAYMENT", "startPayment"},
    {"PAYMENTS_ROUTE_SEARCH_TRANSACTIONS", "searchTransactions"},
    {"PAYMENTS_ROUTE_LIST_REVIEWS", "listReviews"},
    {"PAYMENTS_ROUTE_REFUND_PAYMENT", "refundPayment"},
    {"PAYMENTS_ROUTE_CLOSE_PAYMENT", "closePayment"},
    {"PAYMENTS_ROUTE_SIMPLE_PAY_BACKREF", "simplePayBackref"},
    {"PAYMENTS_ROUTE_SIMPLE_PAY_IPN", "simplePayIpn"},
    {"PAYMENTS_ROUTE_STRIPE_WEBHOOK", "stripeWebhook"},
    {"PAYMENTS_ROUTE_FIND_TRANSACTIONS", "findTransactions"},
    {"PAYMENTS_ROUTE_GET_TRANSACTION", "getTransaction"},
    {"PAYMENTS_ROUTE_READ_MESSAGE", "readMessage"},
    {"PAYMENTS_ROUTE_ASK_PROVIDER", "askProvider"},
    {"PAYMENTS_ROUTE_ADD_NOTE", "addNote"},
    {"PAYMENTS_ROUTE_REVEAL", "reveal"},
    {"PAYMENTS_ROUTE_EXPORT_PERSON", "exportPerson"},
    {"PAYMENTS_ROUTE_ERASE_PERSON", "erasePerson"},
    {"PAYMENTS_ROUTE_SUM_MONEY", "sumMoney"},
    {"PAYMENTS_ROUTE_CLOSE_REVIEW", "closeReview"},
    {"PAYMENTS_ROUTE_LIST_ACTIONS", "listActions"},
    {"PAYMENTS_ROUTE_SETTLEMENTS", "settlements"},
    {"PAYMENTS_ROUTE_LIST_EVENTS", "listEvents"},
    {"PAYMENTS_ROUTE_REPLAY_EVENTS", "replayEvents"},
    {"PAYMENTS_ROUTE_SKIP_EVENTS", "skipEvents"},
    {"PAYMENTS_ROUTE_LIST_MESSAGES", "listMessages"},
    {"PAYMENTS_ROUTE_NOTE_TICKET_SCOPES", "noteTicketScopes"},
    {"PAYMENTS_ROUTE_EXPORT_CSV", "exportCsv"},
    {"PAYMENTS_ROUTE_GET_HEALTH", "getHealth"},
    {"PAYMENTS_ROUTE_RETRY_MESSAGE", "retryMessage"},
    {"PAYMENTS_ROUTE_SEND_TEST_EVENT", "sendTestEvent"},
    {"PAYMENTS_ROUTE_PLAN_REFUNDS", "planRefunds"},
    {"PAYMENTS_ROUTE_START_REFUND_RUN", "startRefundRun"},
    {"PAYMENTS_ROUTE_LIST_REFUND_RUNS", "listRefundRuns"},
    {"PAYMENTS_ROUTE_GET_REFUND_RUN", "getRefundRun"},
    {"PAYMENTS_ROUTE_STEER_REFUND_RUN", "steerRefundRun"},
};

// By name, so that no row can come to keep the path of another operation.
constexpr std::size_t row_of(Text operation) {
    for (std::size_t row = 0; row < std::size(route_settings); ++row)
        if (operation == route_settings[row].operation) return row;
    throw std::logic_error("no such operation");
}

template <std::size_t row>
Result<void> keep_route(Text text, Settings& to) {
    return keep(read_route(text), to.routes[std::string{route_settings[row].operation}]);
}

constexpr Setting path_settings[] = {
    optional(
        "PAYMENTS_ROUTE_LIST_TICKET_IDS", "path", "/payments/ticket-ids",
        "Path of listTicketIds (GET).",
        keep_route<row_of("listTicketIds")>
    ),
    optional(
        "PAYMENTS_ROUTE_LIST_PAYMENT_OPTIONS", "path", "/payments/options",
        "Path of listPaymentOptions (POST).",
        keep_route<row_of("listPaymentOptions")>
    ),
    optional(
        "PAYMENTS_ROUTE_LIST_TICKET_TRANSACTIONS", "path", "/payments/transactions",
        "Path of listTicketTransactions (POST).",
        keep_route<row_of("listTicketTransactions")>
    ),
    optional(
        "PAYMENTS_ROUTE_START_PAYMENT", "path", "/payments/start", "Path of startPayment (POST).",
        keep_route<row_of("startPayment")>
    ),
    optional(
        "PAYMENTS_ROUTE_SEARCH_TRANSACTIONS", "path", "/payments/search",
        "Path of searchTransactions (POST).",
        keep_route<row_of("searchTransactions")>
    ),
    optional(
        "PAYMENTS_ROUTE_LIST_REVIEWS", "path", "/payments/review", "Path of listReviews (GET).",
        keep_route<row_of("listReviews")>
    ),
    optional(
        "PAYMENTS_ROUTE_SIMPLE_PAY_BACKREF", "path", "/payments/simplepay/backref",
        "Path of simplePayBackref (POST).",
        keep_route<row_of("simplePayBackref")>
    ),
    optional(
        "PAYMENTS_ROUTE_REFUND_PAYMENT", "path", "/payments/refunds",
        "Path of refundPayment (POST).",
        keep_route<row_of("refundPayment")>
    ),
    optional(
        "PAYMENTS_ROUTE_CLOSE_PAYMENT", "path", "/payments/close", "Path of closePayment (POST).",
        keep_route<row_of("closePayment")>
    ),
    optional(
        "PAYMENTS_ROUTE_SIMPLE_PAY_IPN", "path", "/payments/simplepay/ipn",
        "Path of simplePayIpn (POST).",
        keep_route<row_of("simplePayIpn")>
    ),
    optional(
        "PAYMENTS_ROUTE_STRIPE_WEBHOOK", "path", "/payments/stripe/webhook",
        "Path of stripeWebhook (POST).",
        keep_route<row_of("stripeWebhook")>
    ),
    optional(
        "PAYMENTS_ROUTE_FIND_TRANSACTIONS", "path", "/payments/find",
        "Path of findTransactions (POST).",
        keep_route<row_of("findTransactions")>
    ),
    optional(
        "PAYMENTS_ROUTE_GET_TRANSACTION", "path", "/payments/transaction",
        "Path of getTransaction (POST).",
        keep_route<row_of("getTransaction")>
    ),
    optional(
        "PAYMENTS_ROUTE_READ_MESSAGE", "path", "/payments/message",
        "Path of readMessage (POST).",
        keep_route<row_of("readMessage")>
    ),
    optional(
        "PAYMENTS_ROUTE_ASK_PROVIDER", "path", "/payments/ask", "Path of askProvider (POST).",
        keep_route<row_of("askProvider")>
    ),
    optional(
        "PAYMENTS_ROUTE_ADD_NOTE", "path", "/payments/notes", "Path of addNote (POST).",
        keep_route<row_of("addNote")>
    ),
    optional(
        "PAYMENTS_ROUTE_REVEAL", "path", "/payments/reveal", "Path of reveal (POST).",
        keep_route<row_of("reveal")>
    ),
    optional(
        "PAYMENTS_ROUTE_EXPORT_PERSON", "path", "/payments/person/export",
        "Path of exportPerson (POST).",
        keep_route<row_of("exportPerson")>
    ),
    optional(
        "PAYMENTS_ROUTE_ERASE_PERSON", "path", "/payments/person/erase",
        "Path of erasePerson (POST).",
        keep_route<row_of("erasePerson")>
    ),
    optional(
        "PAYMENTS_ROUTE_SUM_MONEY", "path", "/payments/sums", "Path of sumMoney (POST).",
        keep_route<row_of("sumMoney")>
    ),
    optional(
        "PAYMENTS_ROUTE_CLOSE_REVIEW", "path", "/payments/review/close",
        "Path of closeReview (POST).",
        keep_route<row_of("closeReview")>
    ),
    optional(
        "PAYMENTS_ROUTE_LIST_ACTIONS", "path", "/payments/actions",
        "Path of listActions (POST).",
        keep_route<row_of("listActions")>
    ),
    optional(
        "PAYMENTS_ROUTE_LIST_EVENTS", "path", "/payments/events/list",
        "Path of listEvents (POST).",
        keep_route<row_of("listEvents")>
    ),
    optional(
        "PAYMENTS_ROUTE_REPLAY_EVENTS", "path", "/payments/events/replay",
        "Path of replayEvents (POST).",
        keep_route<row_of("replayEvents")>
    ),
    optional(
        "PAYMENTS_ROUTE_SKIP_EVENTS", "path", "/payments/events/skip",
        "Path of skipEvents (POST).",
        keep_route<row_of("skipEvents")>
    ),
    optional(
        "PAYMENTS_ROUTE_LIST_MESSAGES", "path", "/payments/messages",
        "Path of listMessages (POST).",
        keep_route<row_of("listMessages")>
    ),
    optional(
        "PAYMENTS_ROUTE_NOTE_TICKET_SCOPES", "path", "/payments/ticket-scopes",
        "Path of noteTicketScopes (POST).",
        keep_route<row_of("noteTicketScopes")>
    ),
    optional(
        "PAYMENTS_ROUTE_EXPORT_CSV", "path", "/payments/export", "Path of exportCsv (POST).",
        keep_route<row_of("exportCsv")>
    ),
    optional(
        "PAYMENTS_ROUTE_GET_HEALTH", "path", "/payments/health", "Path of getHealth (GET).",
        keep_route<row_of("getHealth")>
    ),
    optional(
        "PAYMENTS_ROUTE_RETRY_MESSAGE", "path", "/payments/messages/retry",
        "Path of retryMessage (POST).",
        keep_route<row_of("retryMessage")>
    ),
    optional(
        "PAYMENTS_ROUTE_SEND_TEST_EVENT", "path", "/payments/events/test",
        "Path of sendTestEvent (POST).",
        keep_route<row_of("sendTestEvent")>
    ),
    optional(
        "PAYMENTS_ROUTE_PLAN_REFUNDS", "path", "/payments/refund-runs/plan",
        "Path of planRefunds (POST).",
        keep_route<row_of("planRefunds")>
    ),
    optional(
        "PAYMENTS_ROUTE_START_REFUND_RUN", "path", "/payments/refund-runs",
        "Path of startRefundRun (POST).",
        keep_route<row_of("startRefundRun")>
    ),
    optional(
        "PAYMENTS_ROUTE_LIST_REFUND_RUNS", "path", "/payments/refund-runs/list",
        "Path of listRefundRuns (POST).",
        keep_route<row_of("listRefundRuns")>
    ),
    optional(
        "PAYMENTS_ROUTE_GET_REFUND_RUN", "path", "/payments/refund-run",
        "Path of getRefundRun (POST).",
        keep_route<row_of("getRefundRun")>
    ),
    optional(
        "PAYMENTS_ROUTE_STEER_REFUND_RUN", "path", "/payments/refund-run/steer",
        "Path of steerRefundRun (POST).",
        keep_route<row_of("steerRefundRun")>
    ),
    optional(
        "PAYMENTS_ROUTE_SETTLEMENTS", "path", "/payments/settlement",
        "Beginning of the paths of all operations about settlements.",
        keep_route<row_of("settlements")>
    ),
};
static_assert(every_row_is_complete_and_unlike_the_others(path_settings));

}  // namespace

std::span<const Setting> route_rows() { return path_settings; }
std::span<const RouteSetting> routes() { return route_settings; }

}  // namespace payments::config
