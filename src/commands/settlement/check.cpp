#include "commands/settlement/check.hpp"

#include <ostream>

#include "commands/exit_code.hpp"
#include "commands/settlement/files.hpp"
#include "settlement/match.hpp"
#include "settlement/our_side.hpp"
#include "settlement/report_output.hpp"

namespace payments {

int run_settlement_check(
    const SettlementCheckOptions& options, std::ostream& out, std::ostream& err
) {
    auto files = read_settlement_files(options.books, options.manifest, err);
    if (!files) return exit_code::wrong_usage;

    const auto as_of = options.as_of.value_or(files->books.as_of);
    // Of files nobody knows when they came: all of them count.
    for (auto& transaction : files->books.transactions)
        transaction = settlement::known_at(std::move(transaction), as_of);
    const auto report =
        settlement::match(files->books, files->evidence, settlement::Delays{}, as_of);
    if (options.as_json)
        out << json::write(settlement::json_of(report, files->taken, as_of)) << "\n";
    else
        out << settlement::text_of(report, files->taken, as_of);
    return report.has_open_findings() ? exit_code::failed : exit_code::done;
}

}  // namespace payments
