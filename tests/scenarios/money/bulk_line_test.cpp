// Files of bookings and closes of months are made one at a time, whoever asks; nobody else waits.
#include <boost/asio/co_spawn.hpp>

#include "fixtures/scenario.hpp"
#include "http/server/body_source.hpp"
#include "storage/settlements.hpp"

namespace payments {

using namespace testing_support;

class Bulk : public Scenario {
protected:
    // A file whose pieces are taken by hand.
    struct File {
        std::shared_ptr<http::BodySource> source;
        std::vector<std::string> pieces{};
        std::exception_ptr failure{};
        bool is_asked = false;  // for a piece that is not there yet
    };

    Bulk() {
        const auto paid = started(stripes);
        webhook(paid, {capture_of(paid)});
        world.settlements = settlements.get();
    }

    Headers accountant() {
        return as_user(
            {{"payments_search", "true"},
             {"payments_export", "true"},
             {"payments_settlement", "true"},
             {"tickets_get_flags", "*"},
             {"tickets_get_years", "*"},
             {"tickets_get_events", "*"}}
        );
    }
    std::shared_ptr<File> begin_books() {
        const auto running = begin_get("/payments/exports/csv?profile=plain", accountant());
        until([&] { return running->done; });
        EXPECT_EQ(running->response->status, 200);
        auto file = std::make_shared<File>(running->response->source);
        take_piece(file);  // its head, which is there at once
        until([&] { return !file->is_asked; });
        take_piece(file);
        go_on();
        return file;
    }
    void take_piece(const std::shared_ptr<File>& file) {
        file->is_asked = true;
        const auto taken = [file](std::exception_ptr thrown, std::string piece) {
            file->is_asked = false;
            file->failure = thrown;
            file->pieces.push_back(std::move(piece));
        };
        boost::asio::co_spawn(loop, file->source->next_piece(), taken);
    }
    std::shared_ptr<Running> begin_close() {
        return begin_get("/payments/settlement/close?month=2026-07", accountant());
    }
    // Until everybody waits for somebody outside: whoever is not in the line has been there, for a
    // start and the list of files are asked for behind him, of the store and of settlements.
    void go_on() {
        EXPECT_EQ(start(stripes, next_ticket++).status, 200);
        await(settlements->files());
        loop.restart();
        loop.poll();
    }
    // How many have begun to hear all payments, and how many have put on record that they will:
    // files before they wait, closes when it is their turn.
    std::int64_t hearing() const { return std::ranges::count(store.calls, "newest_attempt"); }
    std::int64_t recorded() const { return std::ranges::count(store.calls, "record_action"); }

    std::int64_t next_ticket = 43;
    const std::unique_ptr<Settlements> settlements = settlements_of(target_of(place), {});
};

TEST_F(Bulk, is_made_one_at_a_time_and_nobody_else_waits_for_it) {
    store.page_gate.close();
    const auto first = begin_books(), second = begin_books();
    const auto close = begin_close();
    go_on();  // a start is answered meanwhile
    EXPECT_EQ(hearing(), 1);
    EXPECT_EQ(recorded(), 2);
    EXPECT_TRUE(first->is_asked);
    EXPECT_TRUE(second->is_asked);
    EXPECT_FALSE(close->done);

    store.page_gate.open();
    until([&] { return !first->is_asked && !second->is_asked && close->done; });
    EXPECT_EQ(hearing(), 3);
    EXPECT_EQ(recorded(), 3);
    EXPECT_EQ(close->response->status, 200);
    EXPECT_EQ(first->pieces, second->pieces);
}

TEST_F(Bulk, keeps_nobody_waiting_for_one_who_reads_slowly) {
    const auto slow = begin_books();
    until([&] { return !slow->is_asked; });
    EXPECT_EQ(end(begin_close()).status, 200);
    EXPECT_FALSE(slow->pieces.back().empty());  // there would be more of it
}

TEST_F(Bulk, is_not_made_for_whoever_has_gone_while_waiting) {
    store.page_gate.close();
    const auto first = begin_books();
    const auto close = begin_close();
    close->request.has_gone = [] { return true; };
    const auto books = begin_get("/payments/exports/csv?profile=plain", accountant());
    books->request.has_gone = [] { return true; };
    until([&] { return books->done; });
    const auto gone = std::make_shared<File>(books->response->source);
    take_piece(gone);
    until([&] { return !gone->is_asked; });
    take_piece(gone);
    go_on();
    const auto last = begin_close();
    go_on();

    store.page_gate.open();
    EXPECT_EQ(end(last).status, 200);
    EXPECT_EQ(hearing(), 2);
    EXPECT_EQ(end(close).status, 408);
    ASSERT_TRUE(gone->failure);
    EXPECT_THROW(std::rethrow_exception(gone->failure), http::ClientGone);
    EXPECT_FALSE(first->is_asked);
}

}  // namespace payments
