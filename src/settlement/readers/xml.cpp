#include "settlement/readers/xml.hpp"

#include <expat.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "settlement/readers/charset.hpp"
#include "support/text.hpp"

namespace payments::settlement {
namespace {

// Expat puts it between a namespace and a local name; no name holds one.
constexpr char namespace_end = '\n';

std::string local_name(std::string_view name) {
    return std::string{name.substr(name.rfind(namespace_end) + 1)};
}

// What expat calls back. Once it has failed, it is told of nothing more.
class Reading {
public:
    Reading(XML_Parser parser, const XmlParts& parts, XmlLimits limits)
        : parser_(parser), parts_(parts), limits_(limits) {}

    void start(std::string_view name, const XML_Char** attributes) {
        if (failed_) return;
        if (open_.size() == limits_.depth_max) return fail("elements are nested too deep");
        Element element{
            .name = local_name(name),
            .text = {},
            .attributes = {},
            .children = {},
            .place = place()};
        for (; *attributes; attributes += 2) {
            if (element.attributes.size() == limits_.attributes_max)
                return fail("an element has too many attributes");
            element.attributes.emplace_back(local_name(attributes[0]), attributes[1]);
        }
        if (open_.size() + 1 < parts_.depth) {
            keep(parts_.start(element));
        } else if (++elements_ > limits_.elements_max) {
            return fail("an element holds too many others");
        }
        open_.push_back(std::move(element));
    }

    void end() {
        if (failed_) return;
        auto element = std::move(open_.back());
        open_.pop_back();
        const auto depth = open_.size() + 1;
        element.text = text::trim(element.text);
        if (depth > parts_.depth) return open_.back().children.push_back(std::move(element));
        elements_ = 0;
        keep(depth == parts_.depth ? parts_.part(element) : parts_.end(element.name, place()));
    }

    // Text beside the elements that are told of by their starts is but white space in all that we
    // read, and would grow with the file.
    void characters(std::string_view text) {
        if (!failed_ && open_.size() >= parts_.depth) open_.back().text.append(text);
    }

    void fail(std::string_view why) { keep(misread(place(), why)); }

    Place place() const {
        return {XML_GetCurrentLineNumber(parser_), XML_GetCurrentColumnNumber(parser_) + 1};
    }
    const std::optional<Error>& failed() const { return failed_; }

private:
    void keep(const Result<void>& result) {
        if (result || failed_) return;
        failed_ = result.error();
        XML_StopParser(parser_, XML_FALSE);
    }

    XML_Parser parser_;
    const XmlParts& parts_;
    const XmlLimits limits_;
    std::vector<Element> open_;
    std::size_t elements_ = 0;  // of the part being read
    std::optional<Error> failed_;
};

Reading& reading(void* data) { return *static_cast<Reading*>(data); }

int take_encoding(void*, const XML_Char* name, XML_Encoding* encoding) {
    const auto charset = charset_of(name);
    if (!charset || *charset == Charset::utf_8) return XML_STATUS_ERROR;
    const auto characters = characters_of(*charset);
    std::ranges::transform(characters, encoding->map, [](char16_t c) {
        return c == 0xFFFD ? -1 : static_cast<int>(c);
    });
    encoding->data = nullptr;
    encoding->convert = nullptr;
    encoding->release = nullptr;
    return XML_STATUS_OK;
}

void set_handlers(XML_Parser parser) {
    XML_SetElementHandler(
        parser,
        [](void* data, const XML_Char* name, const XML_Char** attributes) {
            reading(data).start(name, attributes);
        },
        [](void* data, const XML_Char*) { reading(data).end(); }
    );
    XML_SetCharacterDataHandler(parser, [](void* data, const XML_Char* text, int length) {
        reading(data).characters({text, static_cast<std::size_t>(length)});
    });
    XML_SetStartDoctypeDeclHandler(
        parser, [](void* data, const XML_Char*, const XML_Char*, const XML_Char*,
                   int) { reading(data).fail("a statement has no DOCTYPE"); }
    );
    XML_SetProcessingInstructionHandler(parser, [](void* data, const XML_Char*, const XML_Char*) {
        reading(data).fail("a statement has no processing instructions");
    });
    XML_SetUnknownEncodingHandler(parser, take_encoding, nullptr);
}

}  // namespace

const Element* Element::child(std::string_view wanted) const {
    const auto found = std::ranges::find(children, wanted, &Element::name);
    return found == children.end() ? nullptr : &*found;
}

const Element* Element::at(std::string_view path) const {
    const Element* element = this;
    while (element && !path.empty()) {
        const auto slash = std::min(path.find('/'), path.size());
        element = element->child(path.substr(0, slash));
        path.remove_prefix(std::min(slash + 1, path.size()));
    }
    return element;
}

std::string_view Element::text_at(std::string_view path) const {
    const auto* element = at(path);
    return element ? std::string_view{element->text} : std::string_view{};
}

std::vector<const Element*> Element::all(std::string_view wanted) const {
    std::vector<const Element*> found;
    for (const auto& element : children)
        if (element.name == wanted) found.push_back(&element);
    return found;
}

std::string_view Element::attribute(std::string_view wanted) const {
    for (const auto& [key, value] : attributes)
        if (key == wanted) return value;
    return {};
}

Result<void> read_xml(std::string_view bytes, const XmlParts& parts, XmlLimits limits) {
    const std::unique_ptr<XML_ParserStruct, void (*)(XML_Parser)> parser{
        XML_ParserCreateNS(nullptr, namespace_end), XML_ParserFree};
    if (!parser) throw std::bad_alloc{};
    Reading state{parser.get(), parts, limits};
    XML_SetUserData(parser.get(), &state);
    set_handlers(parser.get());

    constexpr std::size_t piece_bytes = 1024 * 1024;  // expat counts in int
    for (bool is_last = false; !is_last;) {
        const auto piece = bytes.substr(0, piece_bytes);
        bytes.remove_prefix(piece.size());
        is_last = bytes.empty();
        const auto result =
            XML_Parse(parser.get(), piece.data(), static_cast<int>(piece.size()), is_last);
        if (state.failed()) return *state.failed();
        if (result != XML_STATUS_OK)
            return misread(
                state.place(),
                std::string{"this is not XML: "} + XML_ErrorString(XML_GetErrorCode(parser.get()))
            );
    }
    return {};
}

}  // namespace payments::settlement
