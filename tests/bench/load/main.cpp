#include <CLI/CLI.hpp>
#include <cstdio>
#include <functional>

#include "commands.hpp"

// The parts of the benchmark that must be fast or touch the store; tests/bench/run drives them.
namespace payments::bench {

Kind kind_of(const std::string& name) {
    if (name == "ipn") return Kind::ipn;
    if (name == "webhook") return Kind::webhook;
    if (name == "charge") return Kind::charge;
    if (name == "start") return Kind::start;
    if (name == "list") return Kind::list;
    if (name == "search") return Kind::search;
    if (name == "find") return Kind::find;
    if (name == "sums") return Kind::sums;
    if (name == "health") return Kind::health;
    if (name == "ticket") return Kind::ticket;
    if (name == "provider") return Kind::provider;
    throw std::invalid_argument{"no such kind of message: " + name};
}

namespace {

struct Arguments {
    std::string path, kind;
    Load load;
    int flushes = 600;
};

void add_senders(CLI::App& app, Arguments& given) {
    auto& load = given.load;
    auto* sending = app.add_subcommand("send", "send messages and time the answers");
    sending->add_option("kind", given.kind)->required();
    sending->add_option("--port", load.port)->required();
    sending->add_option("--first-id", load.first_id);
    sending->add_option("--count", load.count)->required();
    sending->add_option("--span", load.span);
    sending->add_option("--tokens", load.tokens_path);
    sending->add_option("--seconds", load.seconds);
    sending->add_option("--rate", load.rate_per_second);
    sending->add_option("--clients", load.clients);
    sending->add_option("--source", load.source);
    sending->add_flag("--takes-refusals", load.takes_refusals);
    sending->callback([&] {
        load.kind = kind_of(given.kind);
        send(load);
    });

    auto* composing = app.add_subcommand("compose", "print one message");
    composing->add_option("kind", given.kind)->required();
    composing->add_option("--first-id", load.first_id);
    composing->callback([&] { compose(kind_of(given.kind), load.first_id); });
}

void add_stores(CLI::App& app, Arguments& given) {
    auto& load = given.load;
    auto* making = app.add_subcommand("prepare", "make a database with unpaid attempts");
    making->add_option("database", given.path)->required();
    making->add_option("--count", load.count)->required();
    making->callback([&] { prepare(given.path, load.count); });

    auto* singly = app.add_subcommand("commit-singly", "the same changes, one commit each");
    singly->add_option("kind", given.kind)->required();
    singly->add_option("database", given.path)->required();
    singly->add_option("--count", load.count)->required();
    singly->add_option("--seconds", load.seconds);
    singly->callback([&] {
        commit_singly(given.path, kind_of(given.kind), load.count, load.seconds);
    });

    auto* flushing = app.add_subcommand("flush", "time the disk's flush");
    flushing->add_option("directory", given.path)->required();
    flushing->add_option("--count", given.flushes);
    flushing->callback([&] { time_flush(given.path, given.flushes); });
}

int run(int argc, char** argv) {
    CLI::App app{"Parts of the benchmark"};
    app.require_subcommand(1);
    Arguments given;
    add_stores(app, given);
    add_senders(app, given);
    app.add_subcommand("stand-in", "instant tickets service and SimplePay")->callback(stand_in);
    app.add_subcommand("acknowledge", "notifications, read and acknowledged and not kept")
        ->callback(acknowledge_only);
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
