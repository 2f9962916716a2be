#include "app/contexts.hpp"

#include <boost/asio/ip/host_name.hpp>

#include "commands/input_files.hpp"
#include "commands/settlement/zone.hpp"
#include "http/auth/jwks.hpp"
#include "http/auth/jwt.hpp"
#include "settlement/readers/mapping.hpp"
#include "support/assets.hpp"
#include "support/log.hpp"
#include "support/time_zone.hpp"

namespace payments {
namespace {

// ------------------------------------------------------------- settings to what each part takes

Accounts accounts_of(const Settings& settings) {
    Accounts accounts;
    for (const auto& [currency, account] : settings.simplepay.accounts)
        accounts[Processor::simplepay].insert(currency);
    if (settings.stripe.is_used())
        for (const auto& currency : settings.stripe.currencies)
            accounts[Processor::stripe].insert(currency);
    return accounts;
}

Rules rules_of(const Settings& settings) {
    Rules rules;
    rules.accounts = accounts_of(settings);
    rules.transfer_statuses = {
        settings.transfer_statuses.begin(), settings.transfer_statuses.end()};
    rules.payment_time = settings.payment_time;
    rules.simplepay_timeout = settings.simplepay.timeout;
    rules.stripe_timeout = settings.stripe.timeout;
    rules.refund_duplicates = settings.refund_duplicates;
    rules.releases_refund_runs = settings.releases_refund_runs;
    rules.refund_run_pace = settings.refund_run_pace;
    switch (settings.simplepay.confirm) {
        case SimplePayConfirm::prefer:
            rules.confirm = Rules::Confirm::prefer;
            break;
        case SimplePayConfirm::always:
            rules.confirm = Rules::Confirm::always;
            break;
        case SimplePayConfirm::never:
            rules.confirm = Rules::Confirm::never;
            break;
    }
    return rules;
}

gateway::SimplePaySettings simplepay_of(const SimplePayConfig& from) {
    gateway::SimplePaySettings settings;
    if (!from.url.empty()) settings.url = from.url;
    for (const auto& [currency, account] : from.accounts)
        settings.accounts[currency] = {account.merchant, account.secret};
    for (const auto& account : from.retired)
        settings.retired.push_back({account.merchant, account.secret});
    settings.return_url = from.return_url;
    settings.timeout = from.timeout;
    return settings;
}

gateway::TicketsSettings tickets_of(const Settings& from) {
    gateway::TicketsSettings settings;
    settings.url = from.tickets_url;
    settings.timeout = from.tickets_timeout;
    return settings;
}

std::optional<gateway::WebhookSubscriber> subscriber_of(
    gateway::HttpsClient& client, const Clock& clock, const EventsConfig& from
) {
    if (!from.is_used()) return {};
    gateway::SubscriberSettings settings;
    settings.url = from.url;
    settings.secrets = from.secrets;
    settings.timeout = from.timeout;
    return gateway::WebhookSubscriber{client, clock, std::move(settings)};
}

std::optional<gateway::OidcSettings> identity_provider_of(const Settings& from) {
    if (!from.console.has_provider()) return {};
    gateway::OidcSettings settings;
    settings.issuer = from.console.issuer;
    settings.client_id = from.console.client_id;
    settings.client_secret = from.console.client_secret;
    settings.redirect_uri = from.public_url + "/console/signed-in";
    settings.resource = from.console.resource;
    return settings;
}

gateway::HttpsSettings https_of(const Settings& settings, Metrics& metrics) {
    gateway::HttpsSettings https;
    https.trust_file = settings.trust_file;
    https.observer = [&metrics](const gateway::CallReport& report) {
        using enum gateway::HttpsResponse::Kind;
        auto outcome = CallOutcome::unanswered;
        if (report.outcome == unreachable) outcome = CallOutcome::unreachable;
        if (report.outcome == answered)
            outcome = report.status < 300 ? CallOutcome::answered : CallOutcome::refused;
        const auto took = std::chrono::duration<double>{report.seconds};
        metrics.provider_request(
            report.provider, report.operation, outcome,
            std::chrono::duration_cast<std::chrono::nanoseconds>(took)
        );
    };
    return https;
}

// So few that a provider that is silent keeps neither memory nor connections of payments.
gateway::HttpsSettings identity_https_of(const Settings& settings, Metrics& metrics) {
    auto https = https_of(settings, metrics);
    https.calls = 32;
    return https;
}

// ------------------------------------------------------------------------------------ what we are

http::Key read_signing_key(const std::string& path) {
    const auto text = http::read_key_file(path);
    if (!text) throw std::runtime_error("PAYMENTS_SERVICE_SIGNING_KEY: " + text.error().detail);
    auto key = http::read_signing_key(*text);
    if (!key) throw std::runtime_error("PAYMENTS_SERVICE_SIGNING_KEY: " + key.error().detail);
    return std::move(*key);
}

Stores::OnGroup report_to(Metrics& metrics) {
    return [&metrics](const Group& group) {
        if (group.committed)
            metrics.commit(group.changes);
        else
            metrics.commit_failed();
    };
}

// A service token of ours for the tickets service (docs/design.md, 5.1), with the privileges of the
// user we act for, so that it judges what that user may see.
std::string bearer(const ProcessContext& process, const Privileges* on_behalf_of) {
    json::object claims{{"service", "payments"}};
    if (on_behalf_of != nullptr) {
        json::object privileges;
        for (const auto& [name, value] : *on_behalf_of) privileges[name] = value;
        claims["servicePrivs"] = std::move(privileges);
    }
    return http::mint(process.signing_key, std::move(claims), process.clock.now());
}

}  // namespace

gateway::StripeSettings stripe_of(const StripeConfig& from) {
    gateway::StripeSettings settings;
    if (!from.url.empty()) settings.url = from.url;
    settings.secret_key = from.secret_key;
    settings.retired_keys = from.retired;
    settings.webhook_secrets = from.webhook_secrets;
    settings.settlement_keys = from.settlement_keys;
    settings.timeout = from.timeout;
    return settings;
}

gateway::TraceSettings traces_of(const Settings& from) {
    const auto& listen = from.listen;
    gateway::TraceSettings settings;
    settings.url = from.traces.url;
    settings.token = from.traces.token;
    settings.trust_file = from.trust_file;
    settings.version = build_info().version;
    settings.instance = boost::asio::ip::host_name() + ":" + std::to_string(listen.port);
    return settings;
}

DatabaseTarget database_of(const Settings& settings) {
    const auto& from = settings.database;
    DatabaseTarget database;
    database.path = from.path;
    database.server = {from.url, from.password, from.prepared, from.timeout};
    database.connections = from.connections;
    return database;
}

Result<std::string> settlement_mapping_of(const Settings& settings) {
    const auto& path = settings.settlements.mapping;
    if (path.empty()) return std::string{};
    auto bytes = bytes_of(path);
    if (!bytes) return Error{Errc::invalid_request, path + " " + bytes.error().detail};
    if (const auto mapping = settlement::read_mapping(*bytes); !mapping) return mapping.error();
    return bytes;
}

SettlementRules settlement_rules_of(const Settings& settings) {
    const auto& from = settings.settlements;
    SettlementRules rules;
    rules.delays = {from.simplepay_days, from.stripe_days, from.bank_days};
    rules.bank_accounts = from.bank_accounts;
    auto mapping = settlement_mapping_of(settings);
    if (!mapping)
        throw std::runtime_error{"PAYMENTS_SETTLEMENT_MAPPING: " + mapping.error().detail};
    rules.mapping = std::move(*mapping);
    if (!from.from) return rules;
    rules.begins = load_zone(settings.time_zone).start_of(*from.from);
    return rules;
}

PersonalDataRules personal_rules_of(const Settings& settings) {
    const auto& from = settings.personal;
    PersonalDataRules rules;
    rules.days = from.days;
    rules.accounting_years = from.accounting_years;
    rules.accounting_members = from.accounting_members;
    rules.backup_days = from.backup_days;
    // Without tzdata, which the start warns of, years end as UTC has it.
    rules.zone = TimeZone::load(settings.time_zone).value_or(TimeZone{});
    return rules;
}

void redact_secrets(const Settings& settings) {
    for (auto& secret : secrets_of(settings)) log::redact(secret);
    if (!settings.database.is_postgres()) return;
    for (auto& secret : postgres::secrets_in(settings.database.url)) log::redact(secret);
}

ProcessContext::ProcessContext(const Settings& from)
    : settings(from),
      rules(rules_of(from)),
      signing_key(read_signing_key(from.service_signing_key)),
      stores(database_of(from), report_to(store_metrics)) {
    if (from.traces.is_used()) traces.emplace(from.traces.percent);
}

LoopContext::LoopContext(ProcessContext& process, boost::asio::io_context& loop)
    : store(process.stores.of(loop, report_to(metrics))),
      settlements(
          settlements_of(database_of(process.settings), settlement_rules_of(process.settings))
      ),
      personal(personal_data_of(database_of(process.settings), personal_rules_of(process.settings))
      ),
      https(loop, https_of(process.settings, metrics)),
      identity_https(loop, identity_https_of(process.settings, metrics)),
      simplepay(https, simplepay_of(process.settings.simplepay)),
      stripe(https, process.clock, stripe_of(process.settings.stripe)),
      tickets(
          https, process.clock, tickets_of(process.settings),
          [&process](const Privileges* user) { return bearer(process, user); }
      ),
      subscriber(subscriber_of(https, process.clock, process.settings.events)),
      flow{
          process.rules,
          process.clock,
          *store,
          tickets,
          simplepay,
          stripe,
          simplepay,
          [this](Status status) { metrics.transaction(status); },
          subscriber ? &*subscriber : nullptr,
          [this](DeliveryOutcome::Kind kind) { metrics.delivery(kind); },
          &*store,
          &*store,
          settlements.get(),
          personal.get()} {
    if (process.traces) flow.traces = &*process.traces;
    process.all_metrics.push_back(&metrics);
    if (auto provider = identity_provider_of(process.settings))
        identity_provider.emplace(identity_https, process.clock, std::move(*provider));
    if (process.settings.console.has_platform()) {
        gateway::HandoffSettings settings;
        settings.url = process.settings.console.handoff_url;
        handoff.emplace(identity_https, std::move(settings), [&process] {
            return bearer(process, nullptr);
        });
    }
}

}  // namespace payments
