#pragma once

#include <functional>
#include <memory>

#include "flow/checks/reconcile.hpp"
#include "flow/close_payment.hpp"
#include "flow/deliver_events.hpp"
#include "flow/receive_notification.hpp"
#include "flow/refund_payment.hpp"
#include "flow/return_from_simplepay.hpp"
#include "flow/runs/run_refunds.hpp"
#include "flow/start_payment.hpp"
#include "simulate/settlement/sim_settlements.hpp"
#include "simulate/stage.hpp"
#include "simulate/twin/twin.hpp"
#include "storage/sqlite/database.hpp"

namespace payments::simulate {

// The flows of the service; a broken variant replaces one of them.
struct Flows {
    Task<Result<StartReply>> (*start)(FlowContext&, StartRequest) = start_payment;
    Task<Result<ReturnReply>> (*come_back
    )(FlowContext&, std::string, std::string) = return_from_simplepay;
    Task<Result<Received>> (*notify
    )(FlowContext&, Processor, std::string, std::string) = receive_notification;
    Task<Result<RefundReply>> (*refund)(FlowContext&, RefundRequest) = refund_payment;
    Task<Result<Transaction>> (*close)(FlowContext&, CloseRequest) = close_payment;
    Task<void> (*reconcile)(FlowContext&) = keep_reconciling;
    Task<void> (*tell)(FlowContext&) = keep_delivering;
    Task<void> (*run)(FlowContext&, Processor) = keep_running_refunds;
};

// What a broken store is given: the real one, and the database behind it.
struct StoreToBreak {
    Stage& stage;
    Store& store;
    sqlite::Database& behind;
    Time process_began;
};

struct RunsToBreak {
    RefundRunStore& runs;
    sqlite::Database& behind;
};

struct GatewayToBreak {
    Stage& stage;
    Gateway& gateway;
    Processor processor;
};

// The service, or one that is deliberately wrong in a single way.
struct Variant {
    std::string name = "the service";
    std::string what;  // is wrong with it
    Flows flows{};
    std::function<std::unique_ptr<Store>(StoreToBreak)> store{};
    std::function<std::unique_ptr<Gateway>(GatewayToBreak)> gateway{};
    std::function<std::unique_ptr<RefundRunStore>(RunsToBreak)> runs{};
    // In their place, on a schedule, over the database at a path.
    std::function<std::unique_ptr<SimSettlements>(Schedule&, std::string)> settlements{};
    BreakBooks twin{};  // PostgreSQL's books are wrong, and the service on SQLite is right
    bool fresh_stripe_keys = false;
    bool unsynced = false;  // commits are not on disk when they are answered
    std::optional<Rules::Confirm> confirm{};
};

}  // namespace payments::simulate
