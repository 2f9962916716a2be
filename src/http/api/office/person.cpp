#include "flow/office/act.hpp"
#include "flow/office/personal_data.hpp"
#include "flow/office/sight.hpp"
#include "http/api/handlers.hpp"
#include "http/api/office/person_wire.hpp"
#include "http/api/office/reading.hpp"
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

}  // namespace

Task<Result<Response>> export_person(ApiContext& context, RequestContext& request) {
    auto order = read_person(request.body, false);
    if (!order) co_return order.error();
    order->person.sight = co_await sight_of(context.flow, request.privileges);
    PersonRequest asked{request.actor(), std::move(order->why), context.flow.clock.now()};
    const auto file =
        co_await context.flow.personal->read(std::move(order->person), std::move(asked));
    co_return json_reply(write_person_file(file));
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
