#include "commands/output_file.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <thread>

namespace payments {
namespace {

namespace fs = std::filesystem;

std::string bytes_in(const fs::path& path) {
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

class OutputFileTest : public testing::Test {
protected:
    void SetUp() override {
        auto pattern = (fs::temp_directory_path() / "payments-output-XXXXXX").string();
        ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
        place = pattern;
        name = place / "november.csv";
        part = place / "november.csv.part";
    }
    void TearDown() override { fs::remove_all(place); }

    fs::path place, name, part;
};

TEST_F(OutputFileTest, has_its_name_when_it_is_whole_and_is_its_owners_alone) {
    OutputFile file{name.string()};
    file.write("first,");
    EXPECT_FALSE(fs::exists(name));
    file.write("second\n");
    file.finish();
    EXPECT_EQ(bytes_in(name), "first,second\n");
    EXPECT_EQ(fs::status(name).permissions(), fs::perms::owner_read | fs::perms::owner_write);
    EXPECT_FALSE(fs::exists(part));
}

TEST_F(OutputFileTest, that_is_not_finished_leaves_what_was_there) {
    std::ofstream{name} << "of last month";
    OutputFile{name.string()}.write("half");
    EXPECT_EQ(bytes_in(name), "of last month");
    EXPECT_FALSE(fs::exists(part));
}

TEST_F(OutputFileTest, writes_to_a_pipe_and_leaves_it_there) {
    ASSERT_EQ(mkfifo(name.c_str(), 0600), 0);
    std::string heard;
    {
        std::jthread reader{[&] { heard = bytes_in(name); }};
        OutputFile file{name.string()};
        file.write("for a program\n");
        file.finish();
    }
    EXPECT_EQ(heard, "for a program\n");
    EXPECT_TRUE(fs::is_fifo(name));
    EXPECT_FALSE(fs::exists(part));
}

TEST_F(OutputFileTest, names_a_folder_that_it_was_given) {
    EXPECT_THROW(OutputFile{place.string()}, std::system_error);
    EXPECT_TRUE(fs::is_directory(place));
}

}  // namespace
}  // namespace payments
