#include "flow/settlement/settlements.hpp"

namespace payments {

std::string OpenJournal::next(settlement::journal::FileFormat format) {
    if (!file) {
        journal.emplace(maker.finish());
        file = settlement::journal::file_of(*journal, format);
    }
    return file->next();
}

}  // namespace payments
