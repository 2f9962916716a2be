#include "commands/export.hpp"

#include <fcntl.h>
#include <pwd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <iostream>
#include <system_error>

#include "app/contexts.hpp"
#include "commands/exit_code.hpp"
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

std::string user_of_machine() {
    const auto* user = getpwuid(geteuid());
    return user ? user->pw_name : "user " + std::to_string(geteuid());
}

// A file that has its name when it is whole; or standard output. Throws std::system_error.
class OutputFile {
public:
    explicit OutputFile(const std::string& name) : name_(name), part_(name + ".part") {
        if (name_ == "-") return;
        // Files for accountants are nobody else's.
        file_ = open(part_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
        if (file_ < 0) fail(part_);
    }
    OutputFile(const OutputFile&) = delete;
    OutputFile& operator=(const OutputFile&) = delete;
    ~OutputFile() {
        if (file_ == STDOUT_FILENO) return;
        close(file_);
        if (!is_whole_) unlink(part_.c_str());
    }

    void write(std::string_view text) {
        while (!text.empty()) {
            const auto written = ::write(file_, text.data(), text.size());
            if (written < 0 && errno == EINTR) continue;
            if (written < 0) fail(name_);
            text.remove_prefix(static_cast<std::size_t>(written));
        }
    }
    void finish() {
        if (file_ == STDOUT_FILENO) return;
        if (fsync(file_) != 0) fail(part_);
        if (std::rename(part_.c_str(), name_.c_str()) != 0) fail(name_);
        is_whole_ = true;
    }

private:
    [[noreturn]] static void fail(const std::string& what) {
        throw std::system_error{errno, std::generic_category(), what};
    }

    const std::string name_, part_;
    int file_ = STDOUT_FILENO;
    bool is_whole_ = false;
};

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
    Actor actor{"command line", options.by.empty() ? user_of_machine() : options.by};
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
