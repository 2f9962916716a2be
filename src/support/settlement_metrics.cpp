#include "support/settlement_metrics.hpp"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

namespace payments {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

std::string render_settlements(
    const std::vector<UnexplainedMoney>& unexplained, std::chrono::milliseconds file_age,
    std::chrono::milliseconds match_age
) {
    const auto age = [](const char* name, const char* help, std::chrono::milliseconds value) {
        MetricFamily family{name, help, MetricType::Gauge, {}};
        ClientMetric metric;
        metric.gauge.value = std::chrono::duration<double>{value}.count();
        family.metric.push_back(std::move(metric));
        return family;
    };
    MetricFamily money{
        "payments_unexplained",
        "Minor units in settlements that nothing explains.",
        MetricType::Gauge,
        {}};
    for (const auto& [processor, currency, minor] : unexplained) {
        ClientMetric metric;
        metric.label = {
            {"processor", processor.empty() ? "bank" : processor}, {"currency", currency}};
        metric.gauge.value = static_cast<double>(minor);
        money.metric.push_back(std::move(metric));
    }
    return prometheus::TextSerializer{}.Serialize(
        {std::move(money),
         age("payments_settlement_age_seconds", "Since a settlement file was imported.", file_age),
         age("payments_settlement_match_age_seconds", "Since settlements were matched.", match_age)}
    );
}

}  // namespace payments
