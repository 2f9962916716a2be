#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace payments::sandbox {

// Money that comes to a merchant's bank account, or leaves it.
struct Transfer {
    std::string currency{};  // "HUF"
    std::int64_t minor = 0;  // hundredths; less than 0: from the account
    std::string payer{}, payer_account{};
    std::string text{};
    std::string reference{};  // the payer's own, "" for none
    bool is_reversal = false;
};

// Where a provider's payouts go.
using PayTo = std::function<void(const Transfer&)>;

}  // namespace payments::sandbox
