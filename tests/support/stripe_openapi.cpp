#include "support/stripe_openapi.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <map>
#include <set>
#include <stdexcept>

#include "support/gateway.hpp"

namespace payments::test {
namespace {

namespace bj = boost::json;

const bj::value& openapi() {
    static const bj::value document = reference_json("stripe/openapi-trimmed.json");
    return document;
}

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    throw std::runtime_error{"bad percent-encoding"};
}

std::string decode(const std::string& text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            plain += text[i] == '+' ? ' ' : text[i];
            continue;
        }
        if (i + 2 >= text.size()) throw std::runtime_error{"cut percent-encoding"};
        plain += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
        i += 2;
    }
    return plain;
}

// The fields of a form as the tree their brackets spell.
struct Node {
    std::string value;
    bool is_leaf = false;
    std::map<std::string, Node> members;
};

void place(Node& root, const std::string& name, const std::string& value) {
    auto* node = &root;
    auto bracket = name.find('[');
    node = &node->members[name.substr(0, bracket)];
    while (bracket != std::string::npos) {
        const auto close = name.find(']', bracket);
        if (close == std::string::npos) throw std::runtime_error{"open bracket in " + name};
        node = &node->members[name.substr(bracket + 1, close - bracket - 1)];
        bracket = close + 1 < name.size() ? close + 1 : std::string::npos;
        if (bracket != std::string::npos && name[bracket] != '[')
            throw std::runtime_error{"text after a bracket in " + name};
    }
    if (node->is_leaf) throw std::runtime_error{"twice: " + name};
    node->is_leaf = true;
    node->value = value;
}

std::string string_at(const bj::object& o, std::string_view name) {
    const auto* found = o.if_contains(name);
    return found && found->is_string() ? text(*found) : std::string{};
}

class Checker {
public:
    std::vector<std::string> faults;

    void check(const std::string& at, const Node& node, const bj::object& schema) {
        if (const auto* any = schema.if_contains("anyOf")) return check_any(at, node, *any);
        const auto type = string_at(schema, "type");
        if (type == "object") return check_object(at, node, schema);
        if (type == "array") return check_array(at, node, schema);
        if (!node.is_leaf || !node.members.empty()) return fault(at, "must be a plain value");
        check_leaf(at, node.value, type, schema);
    }

    void fault(const std::string& at, const std::string& what) {
        faults.push_back(at + " " + what);
    }

private:
    void check_any(const std::string& at, const Node& node, const bj::value& choices) {
        std::vector<std::string> first;
        for (const auto& choice : choices.as_array()) {
            Checker one;
            one.check(at, node, choice.as_object());
            if (one.faults.empty()) return;
            if (first.empty()) first = one.faults;
        }
        faults.insert(faults.end(), first.begin(), first.end());
    }

    void check_object(const std::string& at, const Node& node, const bj::object& schema) {
        if (node.is_leaf) return fault(at, "must be an object");
        static const bj::object none;
        const auto* declared = schema.if_contains("properties");
        const auto& properties = declared ? declared->as_object() : none;
        const auto* more = schema.if_contains("additionalProperties");
        for (const auto& [name, member] : node.members) {
            const auto where = at.empty() ? name : at + "[" + name + "]";
            if (const auto* property = properties.if_contains(name))
                check(where, member, property->as_object());
            else if (more && more->is_object())
                check(where, member, more->as_object());
            else
                fault(where, "is unknown");
        }
        if (at == "metadata") check_metadata(node);
        if (const auto* required = schema.if_contains("required"))
            for (const auto& name : required->as_array())
                if (!node.members.contains(text(name))) fault(at + text(name), "is missing");
    }

    // Stripe's documentation, not in the OpenAPI data.
    void check_metadata(const Node& node) {
        if (node.members.size() > 50) fault("metadata", "has too many keys");
        for (const auto& [name, member] : node.members) {
            if (name.size() > 40) fault("metadata", "key is too long: " + name);
            if (member.value.size() > 500) fault("metadata", "value is too long: " + name);
        }
    }

    void check_array(const std::string& at, const Node& node, const bj::object& schema) {
        if (node.is_leaf) return fault(at, "must be a list");
        for (const auto& [index, member] : node.members) {
            if (index.find_first_not_of("0123456789") != std::string::npos)
                fault(at, "has a list index that is no number");
            check(at + "[" + index + "]", member, schema.at("items").as_object());
        }
    }

    void check_leaf(
        const std::string& at, const std::string& value, const std::string& type,
        const bj::object& schema
    ) {
        if (value.empty()) fault(at, "is empty, which means: clear it");
        const bool digits =
            !value.empty() &&
            value.find_first_not_of("0123456789", value[0] == '-') == std::string::npos;
        if (type == "integer" && !digits) fault(at, "must be an integer");
        if (type == "boolean" && value != "true" && value != "false")
            fault(at, "must be a boolean");
        if (const auto* length = schema.if_contains("maxLength"))
            if (value.size() > static_cast<std::size_t>(length->as_int64()))
                fault(at, "is too long");
        if (const auto* values = schema.if_contains("enum")) {
            const auto& list = values->as_array();
            if (std::ranges::find(list, bj::value(value)) == list.end())
                fault(at, "must not be " + value);
        }
    }
};

const bj::object* operation_for(
    const std::string& method, const std::string& path, std::string& name
) {
    const auto& paths = openapi().at("paths").as_object();
    std::string verb = method;
    std::ranges::transform(verb, verb.begin(), [](unsigned char c) { return std::tolower(c); });
    const auto find = [&](const std::string& candidate) -> const bj::object* {
        const auto* entry = paths.if_contains(candidate);
        const auto* found = entry ? entry->as_object().if_contains(verb) : nullptr;
        name = candidate;
        return found ? &found->as_object() : nullptr;
    };
    if (const auto* exact = find(path)) return exact;
    const std::string root = "/v1/payment_intents/";
    if (!path.starts_with(root)) return nullptr;
    const auto rest = path.substr(root.size());
    const auto slash = rest.find('/');
    return find(root + "{intent}" + (slash == std::string::npos ? "" : rest.substr(slash)));
}

void check_query(Checker& checker, const bj::object& operation, const std::string& query) {
    Node root;
    for (const auto& [name, value] : decode_form(query)) place(root, name, value);
    std::set<std::string> known;
    const auto* parameters = operation.if_contains("parameters");
    for (const auto& item : parameters ? parameters->as_array() : bj::array{}) {
        const auto& parameter = item.as_object();
        const auto name = string_at(parameter, "name");
        if (string_at(parameter, "in") != "query") continue;
        known.insert(name);
        const auto found = root.members.find(name);
        const auto* required = parameter.if_contains("required");
        if (found != root.members.end())
            checker.check(name, found->second, parameter.at("schema").as_object());
        else if (required && required->as_bool())
            checker.fault(name, "is missing");
    }
    for (const auto& [name, member] : root.members)
        if (!known.contains(name)) checker.fault(name, "is unknown");
}

}  // namespace

FormFields decode_form(const std::string& text) {
    FormFields fields;
    std::size_t from = 0;
    while (from < text.size()) {
        const auto to = std::min(text.find('&', from), text.size());
        const auto pair = text.substr(from, to - from);
        const auto equals = pair.find('=');
        if (equals == std::string::npos) throw std::runtime_error{"no '=' in " + pair};
        fields.emplace_back(decode(pair.substr(0, equals)), decode(pair.substr(equals + 1)));
        from = to + 1;
    }
    return fields;
}

std::vector<std::string> stripe_faults(
    const std::string& method, const std::string& path, const std::string& body
) {
    Checker checker;
    const auto question = std::min(path.find('?'), path.size());
    std::string name;
    const auto* operation = operation_for(method, path.substr(0, question), name);
    if (!operation) return {method + " " + path + " is no call of Stripe's"};
    try {
        check_query(checker, *operation, path.substr(std::min(question + 1, path.size())));
        if (method == "POST") {
            Node root;
            for (const auto& [field, value] : decode_form(body)) place(root, field, value);
            const auto& schema = operation->at("requestBody")
                                     .at("content")
                                     .at("application/x-www-form-urlencoded")
                                     .at("schema");
            checker.check("", root, schema.as_object());
        } else if (!body.empty()) {
            checker.fault("body", "must be empty");
        }
    } catch (const std::runtime_error& error) {
        checker.fault("form", error.what());
    }
    return checker.faults;
}

}  // namespace payments::test
