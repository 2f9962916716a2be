#include "support/personal_metrics.hpp"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <vector>

namespace payments {
namespace {

prometheus::MetricFamily family_of(
    const char* name, const char* help, prometheus::MetricType type, double value
) {
    prometheus::MetricFamily family{name, help, type, {}};
    prometheus::ClientMetric metric;
    (type == prometheus::MetricType::Counter ? metric.counter.value : metric.gauge.value) = value;
    family.metric.push_back(std::move(metric));
    return family;
}

}  // namespace

std::string render_erasing(const ErasingFigures& figures) {
    using enum prometheus::MetricType;
    std::vector<prometheus::MetricFamily> families{
        family_of(
            "payments_personal_data_waiting", "Payments whose personal data are to be erased.",
            Gauge, static_cast<double>(figures.waiting)
        ),
        family_of(
            "payments_personal_data_restricted",
            "Erased payments of which billing data are kept for accounts.", Gauge,
            static_cast<double>(figures.restricted)
        ),
        family_of(
            "payments_personal_data_erasures_total", "Commits that erased personal data.", Counter,
            static_cast<double>(figures.erasures)
        ),
    };
    if (figures.round_age)
        families.push_back(family_of(
            "payments_personal_data_round_age_seconds",
            "Since all personal data whose time had come were erased.", Gauge,
            std::chrono::duration<double>{*figures.round_age}.count()
        ));
    if (figures.are_files_clean)
        families.push_back(family_of(
            "payments_personal_data_files_unclean",
            "1 while unused parts of SQLite's files may hold what was erased.", Gauge,
            *figures.are_files_clean ? 0 : 1
        ));
    return prometheus::TextSerializer{}.Serialize(families);
}

}  // namespace payments
