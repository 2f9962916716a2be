#include "payment/provenance.hpp"

namespace payments {
namespace {

using namespace std::chrono_literals;

constexpr auto made_within = 1s;  // a moment in whole seconds

}  // namespace

bool may_be_made_for(const Transaction& attempt, const PaymentEvidence& payment) {
    if (facts_of(attempt).is_number_spent) return false;
    if (!attempt.provider_id.empty() && !payment.provider_id.empty())
        return attempt.provider_id == payment.provider_id;
    if (payment.made_at && *payment.made_at + made_within <= attempt.created_at) return false;
    return !payment.total || *payment.total == attempt.amount;
}

bool is_made_for(const Transaction& attempt, const PaymentEvidence& payment) {
    const bool has_proof = attempt.provider_id.empty() ? payment.made_at.has_value()
                                                       : attempt.provider_id == payment.provider_id;
    return has_proof && may_be_made_for(attempt, payment);
}

}  // namespace payments
