#include <CLI/CLI.hpp>
#include <cstdio>
#include <functional>

#include "commands.hpp"

// The parts of the benchmark that must be fast or touch the store; tests/bench/run drives them.
namespace payments::bench {

Kind kind_of(const std::string& name) {
    if (name == "ipn") return Kind::ipn;
    if (name == "webhook") return Kind::webhook;
    if (name == "start") return Kind::start;
    if (name == "ticket") return Kind::ticket;
    if (name == "provider") return Kind::provider;
    throw std::invalid_argument{"no such kind of message: " + name};
}

namespace {

int run(int argc, char** argv) {
    CLI::App app{"Parts of the benchmark"};
    app.require_subcommand(1);
    std::string path, kind;
    Load load;
    int flushes = 600;

    auto* making = app.add_subcommand("prepare", "make a database with unpaid attempts");
    making->add_option("database", path)->required();
    making->add_option("--count", load.count)->required();
    making->callback([&] { prepare(path, load.count); });

    auto* sending = app.add_subcommand("send", "send messages and time the answers");
    sending->add_option("kind", kind)->required();
    sending->add_option("--port", load.port)->required();
    sending->add_option("--first-id", load.first_id);
    sending->add_option("--count", load.count)->required();
    sending->add_option("--seconds", load.seconds);
    sending->add_option("--rate", load.rate_per_second);
    sending->add_option("--clients", load.clients);
    sending->callback([&] {
        load.kind = kind_of(kind);
        send(load);
    });

    auto* singly = app.add_subcommand("commit-singly", "the same changes, one commit each");
    singly->add_option("kind", kind)->required();
    singly->add_option("database", path)->required();
    singly->add_option("--count", load.count)->required();
    singly->add_option("--seconds", load.seconds);
    singly->callback([&] { commit_singly(path, kind_of(kind), load.count, load.seconds); });

    auto* flushing = app.add_subcommand("flush", "time the disk's flush");
    flushing->add_option("directory", path)->required();
    flushing->add_option("--count", flushes);
    flushing->callback([&] { time_flush(path, flushes); });

    app.add_subcommand("stand-in", "instant tickets service and SimplePay")->callback(stand_in);
    CLI11_PARSE(app, argc, argv);
    return 0;
}

}  // namespace
}  // namespace payments::bench

int main(int argc, char** argv) try {
    return payments::bench::run(argc, argv);
} catch (const std::exception& broken) {
    std::fprintf(stderr, "ozora-bench: %s\n", broken.what());
    return 1;
}
