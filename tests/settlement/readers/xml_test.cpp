#include "settlement/readers/xml.hpp"

#include <gtest/gtest.h>

namespace payments::settlement {
namespace {

// What is told of a document whose parts are the elements of the second level.
struct Told {
    std::vector<std::string> events;
    Result<void> result;
};

Told told_of(std::string_view bytes, XmlLimits limits = {}) {
    std::vector<std::string> events;
    const XmlParts parts{
        .depth = 2,
        .start = [&](const Element& element) -> Result<void> {
            events.push_back("<" + element.name);
            return {};
        },
        .part = [&](const Element& element) -> Result<void> {
            if (element.name == "stop") return misread(element.place, "stopped");
            events.push_back(element.name + "=" + element.text);
            for (const auto& child : element.children)
                events.push_back(child.name + "=" + child.text);
            return {};
        },
        .end = [&](std::string_view name, Place) -> Result<void> {
            events.push_back(">" + std::string{name});
            return {};
        }};
    auto result = read_xml(bytes, parts, limits);
    return {events, result};
}

std::string why_no_xml(std::string_view bytes, XmlLimits limits = {}) {
    const auto told = told_of(bytes, limits);
    return told.result ? "was read" : told.result.error().detail;
}

using Events = std::vector<std::string>;

TEST(ReadXml, hands_over_the_parts_one_by_one) {
    const auto told = told_of(
        "<?xml version='1.0'?>\n<d xmlns='x:1'>\n <a> 1&amp;<![CDATA[<2]]> </a><b><c>3</c></b>\n"
        "</d>\n"
    );
    EXPECT_TRUE(told.result);
    EXPECT_EQ(told.events, (Events{"<d", "a=1&<2", "b=", "c=3", ">d"}));
}

TEST(ReadXml, knows_elements_by_their_local_names) {
    EXPECT_EQ(
        told_of("<n:d xmlns:n='x:1'><n:a n:k='v'>1</n:a></n:d>").events, (Events{"<d", "a=1", ">d"})
    );
}

TEST(ReadXml, knows_the_encodings_of_hungarian_files) {
    const auto text = [](std::string head, std::string_view bytes) {
        const auto told = told_of(head + "<d><a>" + std::string{bytes} + "</a></d>");
        return told.events.size() > 1 ? told.events[1] : told.result.error().detail;
    };
    EXPECT_EQ(text("", "ő"), "a=ő");
    EXPECT_EQ(text("\xEF\xBB\xBF", "ő"), "a=ő");
    EXPECT_EQ(text("<?xml version='1.0' encoding='ISO-8859-2'?>", "\xF5"), "a=ő");
    EXPECT_EQ(text("<?xml version='1.0' encoding='Windows-1250'?>", "\xF5\x80"), "a=ő€");
    EXPECT_EQ(
        text("<?xml version='1.0' encoding='EBCDIC'?>", "x"),
        "line 1, column 31: this is not XML: unknown encoding"
    );
}

TEST(ReadXml, finds_descendants_by_path) {
    Element root;
    const XmlParts parts{
        .depth = 1,
        .start = [](const Element&) -> Result<void> { return {}; },
        .part = [&](const Element& element) -> Result<void> {
            root = element;
            return {};
        },
        .end = [](std::string_view, Place) -> Result<void> { return {}; }};
    ASSERT_TRUE(read_xml("<r>\n<a><b k='1'>x</b></a><a><b>y</b></a></r>", parts));
    EXPECT_EQ(root.text_at("a/b"), "x");
    EXPECT_EQ(root.at("a/b")->attribute("k"), "1");
    EXPECT_EQ(root.at("a/b")->attribute("j"), "");
    EXPECT_EQ(root.at("a/b")->place.line, 2U);
    EXPECT_EQ(root.at("a/b")->place.column, 4U);
    EXPECT_EQ(root.text_at("a/c/d"), "");
    EXPECT_EQ(root.all("a").size(), 2U);
}

TEST(ReadXml, refuses_a_dtd_and_what_would_come_with_it) {
    EXPECT_EQ(
        why_no_xml("<!DOCTYPE d [<!ENTITY e 'x'>]><d><a>&e;</a></d>"),
        "line 1, column 13: a statement has no DOCTYPE"
    );
    EXPECT_EQ(
        why_no_xml("<!DOCTYPE d SYSTEM 'http://127.0.0.1/x.dtd'>\n<d/>"),
        "line 1, column 44: a statement has no DOCTYPE"
    );
    EXPECT_EQ(
        why_no_xml("<d><a>&e;</a></d>"), "line 1, column 7: this is not XML: undefined entity"
    );
    EXPECT_EQ(
        why_no_xml("<d><?php x?></d>"),
        "line 1, column 4: a statement has no processing instructions"
    );
}

TEST(ReadXml, has_limits) {
    const XmlLimits tight{.depth_max = 3, .attributes_max = 1, .elements_max = 3};
    EXPECT_EQ(why_no_xml("<d><a><b/></a></d>", tight), "was read");
    EXPECT_EQ(
        why_no_xml("<d><a><b><c/></b></a></d>", tight),
        "line 1, column 10: elements are nested too deep"
    );
    EXPECT_EQ(
        why_no_xml("<d><a x='1' y='2'/></d>", tight),
        "line 1, column 4: an element has too many attributes"
    );
    EXPECT_EQ(
        why_no_xml("<d><a><b/><b/></a><a><b/><b/><b/></a></d>", tight),
        "line 1, column 30: an element holds too many others"
    );
    std::string deep;
    for (int i = 0; i < 100'000; ++i) deep += "<a>";
    EXPECT_EQ(why_no_xml(deep), "line 1, column 121: elements are nested too deep");
}

TEST(ReadXml, says_where_a_document_breaks_off) {
    EXPECT_EQ(why_no_xml(""), "line 1, column 1: this is not XML: no element found");
    EXPECT_EQ(why_no_xml("<d>\n<a></b></d>"), "line 2, column 6: this is not XML: mismatched tag");
    EXPECT_EQ(why_no_xml("<d><stop/></d>"), "line 1, column 4: stopped");
    EXPECT_EQ(why_no_xml("<d><a>\xFF</a></d>").substr(0, 34), "line 1, column 7: this is not XML:");
}

}  // namespace
}  // namespace payments::settlement
