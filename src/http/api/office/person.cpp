#include "flow/office/act.hpp"
#include "flow/office/personal_data.hpp"
#include "flow/office/sight.hpp"
#include "http/api/handlers.hpp"
#include "http/api/office/person_wire.hpp"
#include "http/api/office/reading.hpp"
#include "http/server/body_source.hpp"
#include "payment/email.hpp"

// exportPerson and erasePerson: what is held on a visitor, and how it goes (docs/personal_data.md).
namespace payments::http {
namespace {

constexpr std::size_t why_of_person_max = 200, email_of_person_max = 320;

struct PersonOrder {
    Person person;
    std::string why;
    bool only_looks = false;
};

Result<PersonOrder> read_person(const json::object& body, bool may_look) {
    std::vector<Wrong> wrong;
    Members members{body, wrong};
    PersonOrder order;
    order.person.ticket_id = read_optional_id(members, "ticket_id");
    const bool has_email = members.find("email") != nullptr;
    const auto email = has_email ? members.text("email", email_of_person_max) : "";
    if (!email.empty() && !is_email(email)) members.add("email", "must be an e-mail address");
    if (has_email && members.find("ticket_id") != nullptr)
        members.add("ticket_id", "must not be there beside email");
    if (!has_email && members.find("ticket_id") == nullptr)
        members.add("email", "is missing, or ticket_id");
    order.person.email = fold_email(email);
    if (const auto* dry_run = may_look ? members.find("dry_run") : nullptr) {
        if (dry_run->is_bool())
            order.only_looks = dry_run->get_bool();
        else
            members.add("dry_run", "must be true or false");
    }
    if (!order.only_looks) order.why = read_words(members, "why", why_of_person_max);
    if (auto error = error_of(std::move(wrong))) return std::move(*error);
    return order;
}

// Read while it is sent: somebody may have thousands of payments.
class ExportedPerson final : public BodySource {
public:
    ExportedPerson(PersonalData& data, Person person, Time now, std::vector<std::int64_t> ids)
        : data_(data), person_(std::move(person)), now_(now), file_(std::move(ids)) {}

    // Reads the first piece.
    Task<void> begin() { first_ = co_await read(); }
    Task<std::string> next_piece() override {
        if (!first_.empty()) co_return std::exchange(first_, {});
        co_return co_await read();
    }

private:
    Task<std::string> read() {
        if (is_over_) co_return std::string{};
        for (auto some = file_.next(); !some.empty(); some = file_.next()) {
            auto sight = person_.sight;
            const auto held = co_await data_.read(std::move(some), std::move(sight));
            auto text = file_.add(held);
            // Nothing when all of these have left the caller's sight, and "" would be the end.
            if (!text.empty()) co_return text;
        }
        is_over_ = true;
        auto person = person_;
        const auto oldest = file_.oldest();
        auto elsewhere = co_await data_.look_elsewhere(std::move(person), oldest, now_);
        co_return file_.end(std::move(elsewhere));
    }

    PersonalData& data_;
    const Person person_;
    const Time now_;
    PersonFile file_;
    std::string first_{};
    bool is_over_ = false;
};

}  // namespace

Task<Result<Response>> export_person(ApiContext& context, RequestContext& request) {
    auto order = read_person(request.body, false);
    if (!order) co_return order.error();
    order->person.sight = co_await sight_of(context.flow, request.privileges);
    const auto now = context.flow.clock.now();
    auto& data = *context.flow.personal;
    PersonRequest asked{request.actor(), std::move(order->why), now};
    auto person = order->person;
    auto ids = co_await data.begin_export(std::move(person), std::move(asked));
    const auto exported =
        std::make_shared<ExportedPerson>(data, std::move(order->person), now, std::move(ids));
    // Before the answer begins, while a database that is down can still be answered with 503.
    co_await exported->begin();
    Response response{200, "application/json", ""};
    response.source = exported;
    co_return response;
}

Task<Result<Response>> erase_person(ApiContext& context, RequestContext& request) {
    auto order = read_person(request.body, true);
    if (!order) co_return order.error();
    order->person.sight = co_await sight_of(context.flow, request.privileges);
    const auto now = context.flow.clock.now();
    if (order->only_looks) {
        // Named, each: g++ 12 frees temporaries twice that are given to a coroutine.
        auto email = order->person.email;
        auto actor = request.actor();
        std::string no_key;
        if (!email.empty())
            co_await record_email_search(
                context.flow, std::move(actor), std::move(email), std::move(no_key)
            );
        const auto report = co_await context.flow.personal->look(std::move(order->person), now);
        co_return json_reply(write_person_report(report));
    }
    PersonRequest asked{request.actor(), std::move(order->why), now};
    const auto report =
        co_await context.flow.personal->erase(std::move(order->person), std::move(asked));
    co_return json_reply(write_person_report(report));
}

}  // namespace payments::http
