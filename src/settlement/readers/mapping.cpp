#include "settlement/readers/mapping.hpp"

#include <algorithm>

#include "settlement/readers/days.hpp"
#include "settlement/readers/misread.hpp"
#include "support/json.hpp"

namespace payments::settlement {
namespace {

constexpr std::string_view day_mark = "{yyyymmdd}";  // in the pattern of a name

constexpr std::string_view field_names[] = {
    "kind",      "provider_id",   "line_id",         "reference", "at",
    "done_at",   "currency",      "gross",           "fee",       "net",
    "payout_id", "facing_amount", "facing_currency",
};
static_assert(std::size(field_names) == field_count);

std::optional<LineKind> kind_of(std::string_view word) {
    for (int i = 0; i <= static_cast<int>(LineKind::unknown); ++i)
        if (name(static_cast<LineKind>(i)) == word) return static_cast<LineKind>(i);
    return {};
}

// Reads the members of an object one by one; what nobody has asked for is a mistake.
class Members {
public:
    Members(const json::object& object, std::string pointer, Mistakes& mistakes)
        : object_(object), pointer_(std::move(pointer)), mistakes_(mistakes) {}

    const json::value* find(std::string_view name) {
        known_.emplace_back(name);
        return json::find(object_, name);
    }
    std::string text(std::string_view name, bool is_needed = false) {
        const auto* member = find(name);
        if (!member && is_needed) wrong(name, "is missing");
        if (!member) return {};
        if (member->is_string() && !member->get_string().empty())
            return std::string{member->get_string()};
        wrong(name, "must be a text");
        return {};
    }
    bool flag(std::string_view name) {
        const auto* member = find(name);
        if (member && !member->is_bool()) wrong(name, "must be true or false");
        return member && member->is_bool() && member->get_bool();
    }
    char character(std::string_view name, char otherwise) {
        const auto* member = find(name);
        if (!member) return otherwise;
        const auto* text = member->if_string();
        const bool is_one =
            text && text->size() == 1 && static_cast<signed char>(text->front()) > 0;
        if (!is_one) wrong(name, "must be one character of ASCII");
        return is_one ? text->front() : otherwise;
    }
    // One of `words`, by its place among them; 0 when the member is missing or wrong.
    std::size_t choice(std::string_view name, const std::vector<std::string_view>& words) {
        const auto word = text(name);
        const auto found = std::ranges::find(words, word);
        if (word.empty()) return 0;
        if (found != words.end()) return static_cast<std::size_t>(found - words.begin());
        std::string list;
        for (const auto each : words) list += (list.empty() ? "" : ", ") + std::string{each};
        wrong(name, "must be one of " + list);
        return 0;
    }
    // The members of an object in it, which may be missing.
    template <class Read>
    void object(std::string_view name, Read read) {
        const auto* member = find(name);
        if (!member) return;
        if (!member->is_object()) return wrong(name, "must be an object");
        Members members{member->get_object(), pointer_ + '/' + std::string{name}, mistakes_};
        read(members);
        members.refuse_others();
    }
    // Of an object whose members have names of their own.
    template <class Read>
    void each(Read read) {
        for (const auto& member : object_) {
            known_.emplace_back(member.key());
            read(std::string_view{member.key()}, text(member.key()));
        }
    }
    void wrong(std::string_view name, std::string_view why) {
        mistakes_.add_at(pointer_ + '/' + std::string{name}, why);
    }
    void refuse_others() {
        for (const auto& member : object_)
            if (std::ranges::find(known_, member.key()) == known_.end())
                wrong(member.key(), "is no member that is known here");
    }
    std::string pointer_to(std::string_view name) const {
        return pointer_ + '/' + std::string{name};
    }
    Mistakes& mistakes() { return mistakes_; }

private:
    const json::object& object_;
    const std::string pointer_;
    Mistakes& mistakes_;
    std::vector<std::string> known_;
};

void read_file_form(Members& file, Mapping& mapping) {
    file.text("name");
    file.text("zone");
    const auto encoding = file.text("encoding");
    if (!encoding.empty()) {
        const auto charset = charset_of(encoding);
        if (charset)
            mapping.charset = *charset;
        else
            file.wrong("encoding", charset.error().detail);
    }
    mapping.form.separator = file.character("separator", ';');
    mapping.form.quote = file.character("quote", '"');
    mapping.form.unwrap_excel_text = file.flag("unwrap_excel_text");
    mapping.amounts.decimal = file.character("decimal", ',');
    mapping.amounts.grouping = file.character("grouping", '\0');
    if (mapping.amounts.decimal == mapping.amounts.grouping)
        file.wrong("grouping", "must differ from decimal");
    if (file.find("header") && !file.flag("header"))
        file.wrong("header", "must be true: columns are found by their labels");
    mapping.may_have_trailing_separator = file.flag("trailing_separator");
}

// %Y, %m and %d once each, any of the others beside them, and plain characters.
bool is_time_pattern(std::string_view pattern) {
    std::string known;
    for (auto at = pattern.find('%'); at != pattern.npos; at = pattern.find('%', at + 2)) {
        const auto what = pattern.substr(at + 1, 1);
        if (what.empty() || std::string_view{"YmdHMS"}.find(what) == pattern.npos) return false;
        known += what;
    }
    return std::ranges::all_of(std::string_view{"Ymd"}, [&](char needed) {
        return std::ranges::count(known, needed) == 1;
    });
}

ColumnRule read_rule(Members& members) {
    ColumnRule rule;
    const auto is = members.text("is"), starts = members.text("starts");
    if (is.empty() == starts.empty()) members.wrong("is", "or 'starts' is needed, and not both");
    rule.label = is.empty() ? starts : is;
    rule.is_beginning = is.empty();
    rule.is_optional = members.flag("optional");
    rule.time = members.text("time");
    if (!rule.time.empty() && !is_time_pattern(rule.time))
        members.wrong("time", "must have %Y, %m and %d, and beside them %H, %M and %S at most");
    return rule;
}

void read_kinds(Members& values, Mapping& mapping) {
    values.each([&](std::string_view word, const std::string& kind) {
        if (const auto known = kind_of(kind))
            mapping.kinds.emplace(word, *known);
        else
            values.wrong(word, "is no kind of line");
    });
}

void read_fee_parts(Members& columns, Mapping& mapping) {
    const auto* parts = columns.find("fee_parts");
    if (!parts) return;
    if (!parts->is_array()) return columns.wrong("fee_parts", "must be a list");
    for (std::size_t i = 0; i < parts->get_array().size(); ++i) {
        const auto place = "fee_parts/" + std::to_string(i);
        const auto* object = parts->get_array()[i].if_object();
        if (!object) {
            columns.wrong(place, "must be an object");
            continue;
        }
        Members part{*object, columns.pointer_to(place), columns.mistakes()};
        auto rule = read_rule(part);
        mapping.fee_parts.emplace_back(std::move(rule), part.text("name", true));
        part.refuse_others();
    }
}

// Two members that read one column would say the same of two things, of which one is a mistake.
void refuse_shared_labels(Members& columns, const Mapping& mapping) {
    std::map<std::pair<bool, std::string>, std::string> named;
    const auto look = [&](const std::string& member, const ColumnRule& rule) {
        if (rule.label.empty()) return;
        const std::pair label{rule.is_beginning, rule.label};
        const auto [first, is_new] = named.emplace(label, member);
        if (!is_new)
            columns.wrong(
                member, "names the column " + shown(rule.label) + ", as " + first->second + " does"
            );
    };
    for (std::size_t i = 0; i < field_count; ++i)
        if (mapping.columns[i]) look(std::string{field_names[i]}, *mapping.columns[i]);
    for (std::size_t i = 0; i < mapping.fee_parts.size(); ++i)
        look("fee_parts/" + std::to_string(i), mapping.fee_parts[i].first);
}

void read_columns(Members& columns, Mapping& mapping) {
    for (std::size_t i = 0; i < field_count; ++i)
        columns.object(field_names[i], [&](Members& members) {
            mapping.columns[i] = read_rule(members);
            if (static_cast<Field>(i) == Field::kind)
                members.object("values", [&](Members& values) { read_kinds(values, mapping); });
        });
    read_fee_parts(columns, mapping);
    refuse_shared_labels(columns, mapping);
    for (const auto needed :
         {Field::kind, Field::provider_id, Field::currency, Field::gross, Field::fee, Field::net})
        if (!mapping.column(needed)) columns.wrong(name(needed), "is missing");
}

void read_signs(Members& signs, Mapping& mapping) {
    signs.each([&](std::string_view word, const std::string& sign) {
        const auto kind = kind_of(word);
        if (!kind) return signs.wrong(word, "is no kind of line");
        if (sign == "in" || sign == "out")
            mapping.signs[*kind] = sign == "in" ? Mapping::Sign::in : Mapping::Sign::out;
        else if (sign != "as_written")
            signs.wrong(word, "must be in, out or as_written");
    });
}

void read_never_read(Members& members, Mapping& mapping) {
    const auto* list = members.find("never_read");
    if (!list) return;
    const auto* labels = list->if_array();
    const bool are_texts =
        labels && std::ranges::all_of(*labels, [](const auto& label) { return label.is_string(); });
    if (!are_texts) return members.wrong("never_read", "must be a list of texts");
    for (const auto& label : *labels) mapping.never_read.emplace_back(label.get_string());
}

void read_all(Members& members, Mapping& mapping) {
    mapping.name = members.text("name", true);
    const auto* version = members.find("version");
    const auto* number = version ? version->if_int64() : nullptr;
    const bool is_version = number && *number >= 1 && *number <= 1'000'000;
    if (!is_version) members.wrong("version", "must be a whole number from 1 on");
    if (is_version) mapping.version = static_cast<int>(*number);
    members.choice("makes", {"settlement_lines"});
    const auto word = members.text("processor", true);
    if (const auto processor = processor_of(word))
        mapping.processor = *processor;
    else if (!word.empty())
        members.wrong("processor", processor.error().detail);
    mapping.account = members.text("account");
    members.object("accounts", [&](Members& accounts) {
        accounts.each([&](std::string_view code, const std::string& account) {
            if (!Currency::of(code)) accounts.wrong(code, "is no currency");
            mapping.accounts.emplace(code, account);
        });
    });
    members.object("file", [&](Members& file) { read_file_form(file, mapping); });
    if (!members.find("columns")) members.wrong("columns", "is missing");
    members.object("columns", [&](Members& columns) { read_columns(columns, mapping); });
    members.object("payout", [&](Members& payout) {
        mapping.payout_by =
            static_cast<Mapping::PayoutBy>(payout.choice("group_by", {"file", "column", "none"}));
        mapping.date_from_name = payout.text("date_from_name");
        if (!mapping.date_from_name.empty() &&
            mapping.date_from_name.find(day_mark) == std::string::npos)
            payout.wrong("date_from_name", "must have {yyyymmdd}");
        if (mapping.payout_by == Mapping::PayoutBy::column && !mapping.column(Field::payout_id))
            payout.wrong("group_by", "needs the column payout_id");
    });
    members.object("sign", [&](Members& signs) { read_signs(signs, mapping); });
    read_never_read(members, mapping);
    mapping.refuses_unknown_kinds = members.choice("unknown_kind", {"finding", "refuse"}) == 1;
    members.refuse_others();
}

}  // namespace

std::string_view name(Field field) { return field_names[static_cast<std::size_t>(field)]; }

Result<Mapping> read_mapping(std::string_view bytes) {
    const auto tree = json::parse(bytes);
    Mistakes mistakes;
    if (!tree) {
        if (tree.error().wrong.empty()) mistakes.add_at({}, tree.error().detail);
        mistakes.add(tree.error());
    } else if (!tree->is_object()) {
        mistakes.add_at({}, "a mapping is a JSON object");
    }
    Mapping mapping;
    if (!mistakes.are_there()) {
        Members members{tree->get_object(), "", mistakes};
        read_all(members, mapping);
    }
    if (!mistakes.are_there()) return mapping;
    auto error = mistakes.error();
    error.detail = "the mapping: " + error.detail;
    return error;
}

std::optional<Day> day_in_name(std::string_view name, std::string_view pattern) {
    const auto at = pattern.find(day_mark);
    if (at != pattern.npos) {
        const auto before = pattern.substr(0, at), after = pattern.substr(at + day_mark.size());
        const bool fits = name.size() == before.size() + 8 + after.size() &&
                          name.starts_with(before) && name.ends_with(after);
        if (fits) return read_day(name.substr(at, 8));
    }
    const auto stem = name.substr(0, name.rfind('.'));
    return stem.size() < 8 ? std::nullopt : read_day(stem.substr(stem.size() - 8));
}

std::optional<Day> day_by(std::string_view pattern, std::string_view text) {
    std::string year, month, day;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (pattern[i] != '%' || i + 1 == pattern.size()) {
            if (!text.starts_with(pattern[i])) return {};
            text.remove_prefix(1);
            continue;
        }
        const char what = pattern[++i];
        const std::size_t width = what == 'Y' ? 4 : 2;
        const auto digits = text.substr(0, width);
        if (digits.size() < width || !read_whole(digits)) return {};
        if (what == 'Y') year = digits;
        if (what == 'm') month = digits;
        if (what == 'd') day = digits;
        text.remove_prefix(width);
    }
    return text.empty() ? read_day(year + month + day) : std::nullopt;
}

}  // namespace payments::settlement
