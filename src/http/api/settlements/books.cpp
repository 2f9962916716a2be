#include "flow/settlement/export_books.hpp"
#include "http/api/api_resources.hpp"
#include "http/api/handlers.hpp"
#include "http/server/body_source.hpp"
#include "support/form.hpp"
#include "support/temporary_file.hpp"
#include "support/times.hpp"

// exportBooks: the movements of whole days for an accountant's program, streamed while they are
// read (docs/settlements.md, 9).
namespace payments::http {
namespace {

using namespace settlement::journal;

std::optional<settlement::Day> day_in(const std::string& text) {
    if (text.size() != 10) return std::nullopt;
    const auto midnight = parse_time(text + "T00:00:00Z");
    if (!midnight) return std::nullopt;
    return std::chrono::floor<std::chrono::days>(*midnight);
}

// What is asked for, and under which name it is saved.
struct AskedBooks {
    BooksRequest request;
    ActionDetails details;  // as it is put on record
    std::string file, type;
};

class BooksFile final : public BodySource {
public:
    BooksFile(std::unique_ptr<BooksExport> books, BulkLine& bulk, std::function<bool()> has_gone)
        : books_(std::move(books)), bulk_(bulk), has_gone_(std::move(has_gone)) {}

    // All payments are heard for the second, whose turn ends with it: a slow reader of the others
    // keeps nobody waiting.
    Task<std::string> next_piece() override {
        if (pieces_++ != 1) co_return co_await books_->next();
        const auto turn = co_await bulk_.take(has_gone_);
        if (!turn) throw ClientGone{};
        co_return co_await books_->next();
    }

private:
    const std::unique_ptr<BooksExport> books_;
    BulkLine& bulk_;
    const std::function<bool()> has_gone_;
    int pieces_ = 0;
};

Result<AskedBooks> read_books_request(const std::string& format, const std::string& query) {
    const auto pairs = form::read(query);
    if (!pairs) return Error{Errc::invalid_request, "the query cannot be read"};
    const auto profile = form::value_of(*pairs, "profile");
    Error error{Errc::invalid_request, "the query is wrong"};
    const auto add = [&](const std::string& detail) { error.wrong.push_back({"", detail}); };
    const auto known = file_format_of(format, profile);
    if (!known)
        add("the format must be csv, with the profile hu or plain, or hledger, ledger or beancount"
        );
    AskedBooks asked{{{}, known.value_or(FileFormat::csv_plain), {}}, {}, "movements", ""};
    auto& period = asked.request.period;
    asked.details = {{"what", "journal"}, {"format", format}};
    const std::pair<std::string, std::optional<settlement::Day>*> days[] = {
        {"from", &period.from}, {"to", &period.to}};
    for (const auto& [name, day] : days) {
        const auto text = form::value_of(*pairs, name);
        if (text.empty()) continue;
        *day = day_in(text);
        if (!*day) add(name + " must be a day such as 2026-07-01");
        asked.details.emplace(name, text);
        asked.file += "-" + text;
    }
    if (period.from && period.to && *period.from >= *period.to)
        add("to must be a day after from: it does not count itself");
    if (!error.wrong.empty()) {
        error.detail = error.wrong.front().detail;
        return error;
    }
    asked.file += "." + format;
    asked.type = format == "csv" ? "text/csv; charset=utf-8" : "text/plain; charset=utf-8";
    return asked;
}

}  // namespace

Task<Result<Response>> export_books(ApiContext& context, RequestContext& request) {
    const auto& zone = context.resources.zone;
    if (!zone) co_return Error{Errc::internal, "this service does not know its time zone"};
    const auto format = context.resources.routes.segment_in(request.http.path);
    if (!format) co_return format.error();
    auto asked = read_books_request(*format, request.http.query);
    if (!asked) co_return asked.error();
    auto& flow = context.flow;
    const auto now = flow.clock.now();
    asked->request.moment = {now};
    // While it can still be answered: the file begins before anything is put aside.
    TemporaryFile::check_room();
    auto actor = request.actor();
    auto recorded = record_export(flow.store, std::move(actor), now, std::move(asked->details));
    co_await std::move(recorded);
    auto books =
        std::make_unique<BooksExport>(flow.store, *flow.settlements, *zone, asked->request);
    Response response{200, std::move(asked->type), ""};
    response.headers = {{"Content-Disposition", "attachment; filename=\"" + asked->file + "\""}};
    response.source =
        std::make_shared<BooksFile>(std::move(books), context.bulk, request.http.has_gone);
    co_return response;
}

}  // namespace payments::http
