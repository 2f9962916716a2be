#include "http/server/gzip.hpp"

#include <gtest/gtest.h>

#include <random>
#include <stdexcept>
#include <vector>

#include "fixtures/gunzip.hpp"
#include "fixtures/loop.hpp"

namespace payments::http {
namespace {

using namespace testing_support;

struct Plain : BodySource {
    std::vector<std::string> pieces;
    std::size_t next = 0;
    bool breaks = false;

    explicit Plain(std::vector<std::string> list) : pieces(std::move(list)) {}
    Task<std::string> next_piece() override {
        if (next < pieces.size()) co_return pieces[next++];
        if (breaks) throw std::runtime_error{"on purpose"};
        co_return std::string{};
    }
};

std::vector<std::string> all_pieces(std::shared_ptr<BodySource> source) {
    std::vector<std::string> pieces;
    while (true) {
        auto piece = run(source->next_piece());
        if (piece.empty()) return pieces;
        pieces.push_back(std::move(piece));
    }
}

std::string joined(const std::vector<std::string>& pieces) {
    std::string all;
    for (const auto& piece : pieces) all += piece;
    return all;
}

std::vector<std::string> numbers(int count) {
    std::vector<std::string> pieces;
    for (int i = 0; i < count; ++i) pieces.push_back(std::to_string(1'000'000 + i) + ",");
    return pieces;
}

TEST(Gzip, gives_back_what_went_in) {
    std::string noise(300'000, '\0');
    std::mt19937 random{1};
    for (auto& byte : noise) byte = static_cast<char>(random());
    const std::vector<std::string> bodies[] = {{},
                                               {"a"},
                                               {"one,", "two,", "three"},
                                               {noise, noise},
                                               numbers(50'000),
                                               {std::string(9, '\0')}};
    for (const auto& pieces : bodies) {
        const auto packed = all_pieces(gzipped(std::make_shared<Plain>(pieces)));
        EXPECT_EQ(gunzip(joined(packed)), joined(pieces));
    }
}

TEST(Gzip, is_smaller_and_comes_in_pieces_before_the_body_has_ended) {
    const auto pieces = numbers(50'000);
    const auto plain = std::make_shared<Plain>(pieces);
    const auto packed = gzipped(plain);
    const auto first = run(packed->next_piece());
    EXPECT_FALSE(first.empty());
    EXPECT_LT(plain->next, 20u) << "the head of a gzip stream needs nothing of the body";
    run(packed->next_piece());
    EXPECT_LT(plain->next, pieces.size());
    EXPECT_LT(
        joined(all_pieces(gzipped(std::make_shared<Plain>(pieces)))).size() * 3,
        joined(pieces).size()
    );
}

TEST(Gzip, breaks_where_its_body_breaks) {
    const auto plain = std::make_shared<Plain>(std::vector<std::string>{"a"});
    plain->breaks = true;
    const auto packed = gzipped(plain);
    EXPECT_THROW(all_pieces(packed), std::runtime_error);
}

}  // namespace
}  // namespace payments::http
