#include "support/log.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <unistd.h>

#include <sstream>
#include <thread>

#include "support/clock.hpp"
#include "support/json.hpp"

namespace payments::log {
namespace {

// What was written to standard error while this lived.
class Log : public testing::Test {
protected:
    Log() { testing::internal::CaptureStderr(); }
    ~Log() override {
        if (!taken_) testing::internal::GetCapturedStderr();
        set_level(Level::info);
    }
    std::string text() {
        taken_ = true;
        return testing::internal::GetCapturedStderr();
    }
    json::object line() { return json::parse(text()).value().as_object(); }

private:
    bool taken_ = false;
};

TEST_F(Log, a_line_is_one_json_object_with_time_level_message_and_fields) {
    info("payment started", "transaction_id", 42, "code", "A", "free", false);

    const auto written = text();
    EXPECT_EQ(std::ranges::count(written, '\n'), 1);
    EXPECT_TRUE(written.ends_with("}\n"));
    auto o = json::parse(written).value().as_object();
    EXPECT_TRUE(parse_time(o.at("time").as_string()));
    o.erase("time");
    EXPECT_EQ(
        json::canonical(o), R"({"code":"A","free":false,"level":"info",)"
                            R"("message":"payment started","transaction_id":42})"
    );
}

TEST_F(Log, characters_that_json_forbids_are_escaped) {
    warning("a \"quoted\"\n\tline\x01", "path", "C:\\x");
    const auto o = line();
    EXPECT_EQ(o.at("message"), "a \"quoted\"\n\tline\x01");
    EXPECT_EQ(o.at("path"), "C:\\x");
}

TEST_F(Log, bytes_that_are_not_utf_8_become_the_replacement_character) {
    info("\xC0\x80 \xED\xA0\x80 \xF0\x9F\x8E\xAA \xE2\x82");
    EXPECT_EQ(
        line().at("message"), "\uFFFD\uFFFD \uFFFD\uFFFD\uFFFD \xF0\x9F\x8E\xAA \uFFFD\uFFFD"
    );
}

TEST_F(Log, lines_below_the_level_are_not_written) {
    debug("unseen");
    set_level(Level::error);
    warning("unseen");
    error("seen");
    set_level(Level::debug);
    debug("seen too");
    const auto written = text();
    EXPECT_EQ(std::ranges::count(written, '\n'), 2);
    EXPECT_EQ(written.find("unseen"), written.npos);
}

TEST_F(Log, known_secrets_are_replaced_wherever_they_appear) {
    redact("");
    redact("whsec_4f8a");
    redact("whsec_4f8a\"longer");
    info("key whsec_4f8a and whsec_4f8a", "header", "x=whsec_4f8a\"longer;");
    const auto o = line();
    EXPECT_EQ(o.at("message"), "key [redacted] and [redacted]");
    EXPECT_EQ(o.at("header"), "x=[redacted];");
}

TEST_F(Log, a_secret_at_the_edge_of_what_is_kept_is_replaced_before_the_rest_is_cut_off) {
    redact("edge-secret-77c1");
    const std::string padding(4090, 'a');
    info(padding + "edge-secret-77c1" + padding);
    const auto message = std::string(line().at("message").as_string());
    EXPECT_EQ(message.find("edge"), message.npos);
    EXPECT_LT(message.size(), 4200U);
    EXPECT_TRUE(message.ends_with("..."));
}

TEST_F(Log, lines_of_several_threads_do_not_mix) {
    const auto chatter = [] {
        for (int i = 0; i < 200; ++i) {
            info("a line of a thread", "number", i);
            if (i % 50 == 0) redact("thread-secret-" + std::to_string(i));
        }
    };
    { std::jthread a{chatter}, b{chatter}, c{chatter}; }
    std::istringstream lines{text()};
    int count = 0;
    for (std::string each; std::getline(lines, each); ++count)
        EXPECT_TRUE(json::parse(each)) << each;
    EXPECT_EQ(count, 600);
}

// Standard error is a pipe while this lives, with a reader that can go away.
class Pipe {
public:
    Pipe() : kept_(::dup(STDERR_FILENO)) { open(); }
    ~Pipe() {
        ::dup2(kept_, STDERR_FILENO);
        ::close(kept_);
        leave();
    }
    void leave() {
        if (reader_ >= 0) ::close(std::exchange(reader_, -1));
    }
    void open() {
        int ends[2];
        if (::pipe(ends) != 0) throw std::runtime_error{"no pipe"};
        leave();
        reader_ = ends[0];
        ::dup2(ends[1], STDERR_FILENO);
        ::close(ends[1]);
    }
    std::string read() const {
        std::string text(4096, ' ');
        text.resize(static_cast<std::size_t>(::read(reader_, text.data(), text.size())));
        return text;
    }

private:
    int kept_, reader_ = -1;
};

TEST(LogReader, that_goes_away_does_not_end_the_process_and_what_it_missed_is_told_to_the_next) {
    outlive_readers();
    Pipe pipe;
    const auto before = lost_lines();
    info("heard");
    EXPECT_NE(pipe.read().find("heard"), std::string::npos);
    pipe.leave();
    info("lost");
    info("lost as well");
    EXPECT_EQ(lost_lines(), before + 2);

    pipe.open();
    info("heard again");
    const auto text = pipe.read();
    EXPECT_LT(text.find("heard again"), text.find(R"("lines":2)"));
    EXPECT_NE(text.find("lines of the log were lost"), std::string::npos);
    info("and so on");
    EXPECT_EQ(pipe.read().find("lost"), std::string::npos);
    EXPECT_EQ(lost_lines(), before + 2);
}

}  // namespace
}  // namespace payments::log
