#include "flow/provider_error.hpp"

namespace payments {

Error provider_error(Outcome outcome, std::string detail, std::int64_t transaction_id) {
    constexpr int retry_after_s = 5;
    switch (outcome) {
        case Outcome::refused:
            return Error{Errc::provider_refused, std::move(detail)}.about(transaction_id);
        case Outcome::garbled:
            return Error{Errc::provider_garbled, std::move(detail)}.about(transaction_id);
        case Outcome::unreachable:
            return Error{Errc::provider_unavailable, std::move(detail)}
                .retry_after(retry_after_s)
                .about(transaction_id);
        case Outcome::unanswered:
        case Outcome::accepted:  // cannot be: the caller has checked
            break;
    }
    // It may have worked, so the check in the background finds out what became of it.
    return Error{Errc::provider_timeout, std::move(detail)}
        .retry_after(retry_after_s)
        .about(transaction_id);
}

}  // namespace payments
