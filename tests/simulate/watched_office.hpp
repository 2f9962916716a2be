#pragma once

#include "flow/office/records.hpp"
#include "simulate/twin/twin.hpp"

namespace payments::simulate {

// What people do with the worklist, decided once more by the twin, if there is one.
class WatchedOffice final : public OfficeRecords {
public:
    WatchedOffice(OfficeRecords& office, Twin* twin) : office_(office), twin_(twin) {}

    Task<std::optional<Review>> review(ReviewName entry, Time now) override {
        return office_.review(entry, now);
    }
    Task<Result<std::optional<Handled>>> handle_review(NewHandling handling) override {
        auto handled = co_await office_.handle_review(handling);
        if (twin_) twin_->handled(std::move(handling), handled);
        co_return handled;
    }
    Task<ActionsPage> actions(ActionsQuery query) override {
        return office_.actions(std::move(query));
    }
    Task<EventsPage> find_events(EventsQuery query) override {
        return office_.find_events(std::move(query));
    }
    Task<Backlog> backlog_in(SightOfScopes sight) override {
        return office_.backlog_in(std::move(sight));
    }
    Task<std::int64_t> change_events(EventsChange change) override {
        return office_.change_events(std::move(change));
    }
    Task<MessagesPage> find_messages(MessagesQuery query) override {
        return office_.find_messages(query);
    }
    Task<std::optional<RetriableMessage>> retriable_message(std::int64_t number) override {
        return office_.retriable_message(number);
    }
    Task<std::int64_t> keep_days(DaysBetween days, Time until, int limit) override {
        return office_.keep_days(std::move(days), until, limit);
    }

private:
    OfficeRecords& office_;
    Twin* const twin_;
};

}  // namespace payments::simulate
