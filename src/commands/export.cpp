#include "commands/export.hpp"

#include <iostream>

#include "app/contexts.hpp"
#include "commands/actor.hpp"
#include "commands/exit_code.hpp"
#include "commands/output_file.hpp"
#include "commands/progress.hpp"
#include "http/api/office/export_money.hpp"
#include "http/api/office/requests.hpp"
#include "support/clock.hpp"
#include "support/log.hpp"

namespace payments {
namespace {

// The options as a request of exportCsv, so that they are read by the same rules.
json::object body_of(const ExportOptions& options) {
    json::object body, filter;
    const auto add = [](json::object& to, std::string_view name, const std::string& text) {
        if (!text.empty()) to[name] = text;
    };
    const auto add_list = [&](std::string_view name, const std::vector<std::string>& words) {
        if (!words.empty()) filter[name] = json::array(words.begin(), words.end());
    };
    add(body, "what", options.what);
    add(body, "from", options.from);
    add(body, "to", options.to);
    add(body, "form", options.form);
    if (options.by_creation) body["by"] = "created";
    if (options.is_personal) body["personal"] = true;
    add_list("status", options.statuses);
    add_list("processor", options.processors);
    add_list("fee_type", options.fee_types);
    add(filter, "currency", options.currency);
    if (options.ticket_id != 0) filter["ticket_id"] = options.ticket_id;
    body["filter"] = std::move(filter);
    return body;
}

// The option behind a member: "/filter/fee_type/0" is --fee-type.
std::string flag_of_member(std::string pointer) {
    if (pointer.starts_with("/filter/")) pointer = pointer.substr(7);
    auto name = pointer.substr(1, pointer.find('/', 1) - 1);
    if (name == "by") name = "created";
    if (name == "ticket_id") name = "ticket";
    for (auto& c : name)
        if (c == '_') c = '-';
    return "--" + name;
}

}  // namespace

int run_export(const Settings& settings, const ExportOptions& options) {
    log::outlive_readers();
    redact_secrets(settings);
    const auto zone = TimeZone::load(settings.time_zone);
    if (!zone) {
        std::cerr << "ozora-payments: the time zone " << settings.time_zone
                  << " is unknown: is tzdata installed?\n";
        return exit_code::failed;
    }
    const auto request = http::read_export(body_of(options), *zone);
    if (!request) {
        for (const auto& [pointer, detail] : request.error().wrong)
            std::cerr << "ozora-payments: " << flag_of_member(pointer) << " " << detail << "\n";
        return exit_code::wrong_usage;
    }

    boost::asio::io_context loop;
    const auto store = Stores{database_of(settings)}.of(loop);
    OutputFile output{options.output};
    auto actor = actor_of(options.by);
    const auto begun = run_to_end(
        loop, http::begin_export(*store, std::move(actor), SystemClock{}.now(), *request)
    );
    if (!begun) {
        std::cerr << "ozora-payments: " << begun.error().detail << "\n";
        return exit_code::failed;
    }
    const auto newest = run_to_end(loop, store->newest_attempt());
    // Whoever has the machine sees everything.
    http::MoneyExport file{*store, {true, {}}, *request, *zone};
    {
        auto reporter = ProgressReporter::to_standard_error("payments");
        for (auto piece = run_to_end(loop, file.next()); !piece.empty();
             piece = run_to_end(loop, file.next())) {
            output.write(piece);
            if (newest) reporter.report(file.looked_at(), newest->id);
        }
    }
    output.finish();
    std::cerr << file.lines() << " lines\n";
    return exit_code::done;
}

}  // namespace payments
