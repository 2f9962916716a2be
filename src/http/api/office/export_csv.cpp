#include "flow/office/sight.hpp"
#include "http/api/api_resources.hpp"
#include "http/api/handlers.hpp"
#include "http/api/office/export_money.hpp"
#include "http/api/office/requests.hpp"
#include "http/server/body_source.hpp"
#include "support/times.hpp"

// exportCsv: a file that is streamed while it is read (docs/money.md, 5).
namespace payments::http {
namespace {

class ExportedFile final : public BodySource {
public:
    ExportedFile(std::unique_ptr<MoneyExport> lines, std::string first)
        : lines_(std::move(lines)), first_(std::move(first)) {}

    Task<std::string> next_piece() override {
        if (!first_.empty()) co_return std::exchange(first_, {});
        co_return co_await lines_->next();
    }

private:
    std::unique_ptr<MoneyExport> lines_;
    std::string first_;
};

std::string name_of_file(const ExportRequest& request, const TimeZone& zone) {
    const auto day = [&](Time at) { return rfc3339(at, zone.offset_at(at)).substr(0, 10); };
    return std::string{name(request.what)} + "-" + day(request.from) + "-" + day(request.to) +
           ".csv";
}

}  // namespace

Task<Result<Response>> post_export(ApiContext& context, RequestContext& request) {
    const auto& zone = context.resources.zone;
    if (!zone) co_return Error{Errc::internal, "this service does not know its time zone"};
    auto asked = read_export(request.body, *zone);
    if (!asked) co_return asked.error();
    if (asked->is_personal)
        if (const auto may = may_reveal(request.privileges); !may) co_return may.error();
    auto sight = co_await sight_of(context.flow, request.privileges);
    auto& store = context.flow.store;
    auto actor = request.actor();
    auto wanted = *asked;
    const auto begun =
        co_await begin_export(store, std::move(actor), context.flow.clock.now(), std::move(wanted));
    if (!begun) co_return begun.error();
    Response response{200, "text/csv; charset=utf-8", ""};
    response.headers = {
        {"Content-Disposition", "attachment; filename=\"" + name_of_file(*asked, *zone) + "\""}};
    auto lines = std::make_unique<MoneyExport>(store, std::move(sight), std::move(*asked), *zone);
    // Read before the answer begins, while a database that is down can still be answered with 503.
    auto first = co_await lines->next();
    response.source = std::make_shared<ExportedFile>(std::move(lines), std::move(first));
    co_return response;
}

}  // namespace payments::http
