#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "settlement/readers/misread.hpp"

// XML as far as bank statements need it, by expat. Pure.
namespace payments::settlement {

// An element by its local name, whatever its namespace: that is how the versions of a message
// differ.
struct Element {
    std::string name;
    std::string text;  // its own, without blanks around it
    std::vector<std::pair<std::string, std::string>> attributes;
    std::vector<Element> children;
    Place place;  // of its start tag; the column is that of a character

    // The first child of that name; nullptr without one.
    const Element* child(std::string_view wanted) const;
    // The first descendant along names with slashes between: "Tp/CdOrPrtry/Cd". nullptr without
    // one.
    const Element* at(std::string_view path) const;
    // What it says; "" without it.
    std::string_view text_at(std::string_view path) const;
    std::vector<const Element*> all(std::string_view wanted) const;
    std::string_view attribute(std::string_view wanted) const;  // "" without it
};

struct XmlLimits {
    std::size_t depth_max = 40;
    std::size_t attributes_max = 32;     // of an element, namespaces not counted
    std::size_t elements_max = 100'000;  // kept at a time: of one part
};

// What stands at this depth and below is handed over as a part, once it is complete, and forgotten:
// memory is that of the largest part. The elements above it are told of by their starts and ends.
struct XmlParts {
    std::size_t depth;  // of the parts; the root's is 1
    // Errors of these end the reading.
    std::function<Result<void>(const Element&)> start;  // above the parts, without children
    std::function<Result<void>(const Element&)> part;
    std::function<Result<void>(std::string_view name, Place)> end;  // above the parts
};

// Reads a whole document. Refused beside what is not well-formed: any DTD, and with it every entity
// but XML's own five; processing instructions; more than the limits. Encodings: UTF-8, UTF-16,
// US-ASCII, ISO-8859-1, and those of charset.hpp.
Result<void> read_xml(std::string_view bytes, const XmlParts& parts, XmlLimits limits = {});

}  // namespace payments::settlement
