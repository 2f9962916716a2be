#include "commands/settlement/files.hpp"

#include <filesystem>

#include "commands/input_files.hpp"
#include "settlement/our_side.hpp"
#include "settlement/readers/readers.hpp"
#include "support/crypto.hpp"

namespace payments {
namespace {

namespace fs = std::filesystem;
using namespace settlement;

// An entry of the manifest.
struct Listed {
    std::string file, mapping;
    ReadOptions options;
};

// Names every member of the entry that is wrong.
Result<Listed> read_entry(const json::value& entry, std::size_t index) {
    Error error{Errc::invalid_request, "wrong entry"};
    const auto add = [&](const std::string& member, std::string detail) {
        error.wrong.push_back({"/" + std::to_string(index) + member, std::move(detail)});
    };
    const auto* members = entry.if_object();
    if (!members) {
        add("", "must be an object");
        return error;
    }
    Listed listed;
    std::string format;
    const std::pair<std::string, std::string*> texts[] = {
        {"file", &listed.file},
        {"format", &format},
        {"account", &listed.options.account},
        {"payout", &listed.options.payout},
        {"mapping", &listed.mapping}};
    for (const auto& [name, text] : texts) {
        const auto* found = json::find(*members, name);
        if (!found) continue;
        if (found->is_string())
            *text = found->get_string();
        else
            add("/" + name, "must be a text");
    }
    const auto* file = json::find(*members, "file");
    if (!file) add("/file", "is missing");
    if (file && file->is_string() && listed.file.empty()) add("/file", "must not be empty");
    listed.options.format = format_of(format);
    if (!format.empty() && !listed.options.format)
        add("/format",
            "must be simplepay, stripe-csv, stripe-json, stripe-payouts, camt053, mt940 or otp-csv"
        );
    listed.options.name = fs::path{listed.file}.filename();
    if (!error.wrong.empty()) return error;
    return listed;
}

std::vector<Listed> read_manifest(const std::string& path, Complaints& complaints) {
    std::vector<Listed> listed;
    const auto bytes = bytes_of(path);
    const auto tree = bytes ? json::parse(*bytes) : Result<json::value>{bytes.error()};
    if (!tree) {
        complaints.add(path, tree.error());
        return listed;
    }
    const auto* entries = tree->if_array();
    if (!entries) {
        complaints.add(path, "must be a list of files");
        return listed;
    }
    for (std::size_t i = 0; i < entries->size(); ++i) {
        auto entry = read_entry((*entries)[i], i);
        if (entry)
            listed.push_back(std::move(*entry));
        else
            complaints.add(path, entry.error());
    }
    return listed;
}

// Adds a file to what is known, unless it cannot be taken.
void take(Listed listed, const fs::path& folder, SettlementFiles& files, Complaints& complaints) {
    const auto bytes = settlement_bytes_of(folder / listed.file);
    if (!bytes) return complaints.add(listed.file, bytes.error());
    if (!listed.mapping.empty()) {
        auto mapping = bytes_of(folder / listed.mapping);
        if (!mapping) return complaints.add(listed.mapping, mapping.error());
        listed.options.mapping = std::move(*mapping);
    }
    auto file = read_file(*bytes, listed.options);
    if (!file) return complaints.add(listed.file, file.error());
    const auto counts = files.evidence.add(*file);
    if (!counts) return complaints.add(listed.file, counts.error());
    files.taken.push_back(
        {listed.file, std::string{name(file->format)}, accounts_of(*file, listed.options.account),
         *counts}
    );
    files.sha256.push_back(crypto::hex(crypto::sha256(*bytes)));
    if (!files.books.closings.empty()) files.parsed.push_back(std::move(*file));
}

}  // namespace

std::optional<SettlementFiles> read_settlement_files(
    const std::string& books, const std::string& manifest, std::ostream& err
) {
    Complaints complaints{err};
    const auto document = bytes_of(books);
    auto ours = document ? read_books(*document) : Result<Books>{document.error()};
    if (!ours) complaints.add(books, ours.error());

    SettlementFiles files;
    if (ours) files.books = std::move(*ours);
    const auto folder = fs::path{manifest}.parent_path();
    for (auto& listed : read_manifest(manifest, complaints))
        take(std::move(listed), folder, files, complaints);
    for (const auto& closing : files.books.closings)
        if (!complaints.any() && closing.files > std::ssize(files.taken))
            complaints.add(
                manifest, "must list the " + std::to_string(closing.files) + " files that " +
                              closing.month + " was closed with, in the order of import"
            );
    if (complaints.any()) return std::nullopt;
    return files;
}

std::optional<ClosingInBooks> closing_of(const Books& books, journal::Month month, Time as_of) {
    for (const auto& closing : books.closings)
        if (closing.at <= as_of && *journal::read_month(closing.month) >= month) return closing;
    return std::nullopt;
}

journal::MonthClosing month_closing(const ClosingInBooks& closing) {
    return {
        *journal::read_month(closing.month), closing.at, closing.files, closing.by, closing.reason};
}

void fill_books(
    SettlementFiles& files, const journal::Period& period, Time as_of, journal::BooksMaker& maker
) {
    std::vector<journal::MonthClosing> closings;
    for (const auto& closing : files.books.closings)
        if (closing.at <= as_of) closings.push_back(month_closing(closing));
    for (const auto& known : journal::knowledge_for(period, closings, {as_of})) {
        if (!known.files) {
            maker.add(known, std::move(files.evidence));
            continue;
        }
        Evidence then;
        for (std::size_t i = 0; i < static_cast<std::size_t>(*known.files); ++i)
            then.add(files.parsed[i]).value();  // taken before, behind the same
        maker.add(known, std::move(then));
    }
    const auto moments = maker.moments();
    for (std::size_t part = 0; part < moments.size(); ++part)
        for (const auto& transaction : files.books.transactions)
            maker.hear(part, known_at(transaction, moments[part]));
}

}  // namespace payments
