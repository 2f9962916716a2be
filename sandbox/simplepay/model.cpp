#include "sandbox/simplepay/model.hpp"

#include <array>

namespace payments::sandbox::simplepay {

std::string_view name(State state) {
    constexpr std::array<std::string_view, 9> names{
        "INIT",          "INPAYMENT", "INFRAUD", "AUTHORIZED", "FINISHED",
        "NOTAUTHORIZED", "CANCELLED", "TIMEOUT", "REVERSED",
    };
    return names[static_cast<std::size_t>(state)];
}

std::vector<Merchant> demo_merchants(const std::string& ipn_url) {
    const auto account = [&](std::string id, std::string key, std::string currency) {
        Merchant merchant;
        merchant.id = std::move(id);
        merchant.key = std::move(key);
        merchant.currency = std::move(currency);
        merchant.ipn_url = ipn_url;
        return merchant;
    };
    return {
        account("PUBLICTESTHUF", "FxDa5w314kLlNseq2sKuVwaqZshZT5d6", "HUF"),
        account("PUBLICTESTEUR", "9A2sDc7xh1JKW8r193RwW7X7X2ts837w", "EUR"),
        account("PUBLICTESTUSD", "Aa9cDbHc1i2lLmN4z3C542zjXqZiDiCj", "USD"),
    };
}

std::int64_t Payment::refunded() const {
    std::int64_t sum = 0;
    for (const auto& refund : refunds) sum += refund.total;
    return sum;
}

std::string_view Payment::refund_status() const {
    if (refunds.empty()) return "";
    return refunded() == charged ? "FULL" : "PARTIAL";
}

}  // namespace payments::sandbox::simplepay
