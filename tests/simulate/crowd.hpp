#pragma once

#include "simulate/service.hpp"

namespace payments::simulate {

// The people of one world: visitors who buy, click twice, wait too long, give up and start again;
// and the merchant's staff, who refund through the service or on the provider's pages.
class Crowd {
public:
    Crowd(Stage& stage, Service& service, SimSimplePay& simplepay, SimStripe& stripe);

    // Plans when each visitor comes to the shop.
    void come();
    void come_again();  // after the database was set back
    // Plans when a person looks at what hangs, and ends it here.
    void look_after();
    // Plans when people start refund runs, and release, pause, stop and go on with them.
    void give_back_together();

private:
    struct Visitor {
        int number;
        std::int64_t ticket_id;
        int starts_left;
    };
    void begin(std::size_t visitor, std::chrono::milliseconds delay);
    void start(std::size_t visitor);
    void hear(std::size_t visitor, const std::optional<Result<StartReply>>& reply);
    void decide(std::size_t visitor, Provider& provider, Payment& payment);
    void pay(std::size_t visitor, Provider& provider, Payment& payment);
    void end_paying(std::size_t visitor, Provider& provider, Payment& payment);
    void return_to_shop(const Payment& payment, std::string event);
    void refund_by_staff(RefundRequest request, int tries_left);
    void wish_refund(const Payment& payment, bool is_half);
    void later_at_the_desk(std::size_t visitor, Provider& provider, Payment& payment);
    void in(std::chrono::milliseconds delay, Schedule::Action action) {
        stage_.schedule.in(delay, Schedule::Owner::world, std::move(action));
    }

    Stage& stage_;
    Service& service_;
    SimSimplePay& simplepay_;
    SimStripe& stripe_;
    std::vector<Visitor> visitors_;
    int wishes_ = 0;
};

}  // namespace payments::simulate
