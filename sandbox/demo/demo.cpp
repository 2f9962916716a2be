#include "sandbox/demo/demo.hpp"

#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/signal_set.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>
#include <stdexcept>

#include "sandbox/demo/receiver.hpp"
#include "sandbox/demo/service.hpp"
#include "sandbox/demo/staff.hpp"
#include "sandbox/demo/visitor.hpp"
#include "sandbox/sandbox.hpp"
#include "support/clock.hpp"
#include "support/crypto.hpp"
#include "support/json.hpp"

namespace payments::sandbox {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using asio::ip::tcp;
using namespace std::chrono_literals;

constexpr auto ready_within = 30s;
constexpr auto ready_asked_every = 20ms;

tcp::endpoint here(unsigned short port) { return {asio::ip::address_v4::loopback(), port}; }

// This port, or any where somebody has it already.
unsigned short free_port(unsigned short wanted) {
    asio::io_context unused;
    tcp::acceptor acceptor{unused};
    acceptor.open(tcp::v4());
    acceptor.set_option(tcp::acceptor::reuse_address{true});
    boost::system::error_code taken;
    acceptor.bind(here(wanted), taken);
    if (!taken) acceptor.listen(1, taken);
    if (!taken) return acceptor.local_endpoint().port();
    tcp::acceptor other{unused, here(0)};
    return other.local_endpoint().port();
}

std::string address_at(unsigned short port) { return "127.0.0.1:" + std::to_string(port); }

// A folder that is there as long as this, unless it has a name.
class Folder {
public:
    explicit Folder(const std::string& name) : is_kept_(!name.empty()), path_(name) {
        if (is_kept_) {
            fs::create_directories(path_);
            return;
        }
        auto pattern = (fs::temp_directory_path() / "ozora-payments-demo-XXXXXX").string();
        if (!::mkdtemp(pattern.data())) throw std::runtime_error("cannot make " + pattern);
        path_ = pattern;
    }
    ~Folder() {
        std::error_code ignored;
        if (!is_kept_) fs::remove_all(path_, ignored);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    std::string file(const char* name) const { return (path_ / name).string(); }

private:
    bool is_kept_;
    fs::path path_;
};

// Everything that runs, in the order of its birth.
class Demo {
public:
    explicit Demo(const DemoSettings& settings)
        : settings_(settings),
          folder_(settings.directory),
          url_("http://" + address_at(port(8080))),
          keys_(with_keys(folder_)),
          sandbox_(loop_, parts()),
          staff_(loop_, here(port(8085)), keys_, url_),
          receiver_(loop_, here(0), [this](const std::string& line) { told(line); }) {
        sandbox_.start();
        staff_.start();
        receiver_.start();
        service_.emplace(settings_.service, service_settings(), log());
    }

    int run() {
        asio::signal_set signals{loop_, SIGINT, SIGTERM};
        signals.async_wait([this](const boost::system::error_code& cancelled, int) {
            if (!cancelled) loop_.stop();
        });
        asio::co_spawn(loop_, story(), [this](const std::exception_ptr& wrong) { end(wrong); });
        loop_.run();
        service_->stop();
        if (!settings_.is_check && exit_code_ == 0) std::cout << "\n  Stopped.\n";
        return exit_code_;
    }

private:
    // Of a check any port will do, so that it runs beside a demo.
    unsigned short port(unsigned short usual) const {
        return free_port(settings_.is_check ? 0 : usual);
    }
    std::string log() const { return folder_.file("ozora-payments.log"); }

    static std::string with_keys(const Folder& folder) {
        auto directory = folder.file("keys");
        make_keys(directory);
        return directory;
    }

    SandboxSettings parts() const {
        SandboxSettings settings;
        settings.shop = address_at(port(8081));
        settings.simplepay = address_at(port(8082));
        settings.stripe = address_at(port(8083));
        settings.tickets = address_at(port(8084));
        settings.bank = address_at(port(8086));
        settings.payments_url = url_;
        settings.keys_directory = keys_;
        const auto now = SystemClock{}.now().time_since_epoch();
        settings.seed = static_cast<std::uint64_t>(now.count());
        return settings;
    }

    std::string place(const char* part) const {
        return std::string{sandbox_.addresses().at(part).as_string()};
    }

    // docs/operations.md lists each; the accounts are those that the stand-ins know.
    std::map<std::string, std::string> service_settings() const {
        const StripeKeys stripe;
        return {
            {"PAYMENTS_LISTEN", url_.substr(std::string{"http://"}.size())},
            {"PAYMENTS_DATABASE", "sqlite:" + folder_.file("payments.db")},
            {"PAYMENTS_PUBLIC_URL", url_},
            {"PAYMENTS_ALLOWED_ORIGINS", place("shop")},
            {"PAYMENTS_TICKETS_URL", place("tickets")},
            {"PAYMENTS_SERVICE_SIGNING_KEY", keys_ + "/payments.jwk"},
            {"PAYMENTS_USER_KEYS", keys_ + "/user.jwks"},
            {"PAYMENTS_SERVICE_KEYS", keys_ + "/service.jwks"},
            {"PAYMENTS_SIMPLEPAY_URL", place("simplepay") + "/payment/v2"},
            {"PAYMENTS_SIMPLEPAY_RETURN_URL", place("shop") + "/return"},
            {"PAYMENTS_SIMPLEPAY_HUF_MERCHANT", "PUBLICTESTHUF"},
            {"PAYMENTS_SIMPLEPAY_HUF_SECRET", "FxDa5w314kLlNseq2sKuVwaqZshZT5d6"},
            {"PAYMENTS_SIMPLEPAY_EUR_MERCHANT", "PUBLICTESTEUR"},
            {"PAYMENTS_SIMPLEPAY_EUR_SECRET", "9A2sDc7xh1JKW8r193RwW7X7X2ts837w"},
            {"PAYMENTS_SIMPLEPAY_USD_MERCHANT", "PUBLICTESTUSD"},
            {"PAYMENTS_SIMPLEPAY_USD_SECRET", "Aa9cDbHc1i2lLmN4z3C542zjXqZiDiCj"},
            {"PAYMENTS_STRIPE_URL", place("stripe")},
            {"PAYMENTS_STRIPE_SECRET_KEY", stripe.secret},
            {"PAYMENTS_STRIPE_WEBHOOK_SECRETS", stripe.webhook_secrets.front()},
            {"PAYMENTS_EVENTS_URL", receiver_.url()},
            {"PAYMENTS_EVENTS_SECRET", receiver_.secret()},
            {"PAYMENTS_CONSOLE_SIGN_IN", "handoff"},
            {"PAYMENTS_CONSOLE_KEY", crypto::base64(crypto::random_bytes(32))},
            {"PAYMENTS_CONSOLE_HANDOFF_PAGE", staff_.page_url()},
            {"PAYMENTS_CONSOLE_HANDOFF_URL", staff_.exchange_url()},
        };
    }

    Task<void> story() {
        const auto deadline = SystemClock{}.steady() + ready_within;
        while (!co_await is_ready(url_)) {
            if (service_->has_ended()) throw std::runtime_error("the service did not start");
            if (SystemClock{}.steady() > deadline)
                throw std::runtime_error("the service is not ready");
            co_await pause(ready_asked_every);
        }
        if (!settings_.is_check) {
            show_addresses();
            while (!service_->has_ended()) co_await pause(1s);
            throw std::runtime_error("the service ended by itself");
        }
        Places places;
        places.payments = url_;
        places.shop = place("shop");
        places.stripe = place("stripe");
        const auto paid = co_await pay_through_each(places);
        for (const auto& transaction : paid) std::cout << json::write(transaction) << "\n";
        while (told_ < paid.size()) {
            if (SystemClock{}.steady() > deadline + ready_within)
                throw std::runtime_error("nobody was told of the payments");
            co_await pause(ready_asked_every);
        }
        std::cout << "check: both payments went through\n";
    }

    void end(const std::exception_ptr& wrong) {
        loop_.stop();
        if (!wrong) return;
        exit_code_ = 1;
        try {
            std::rethrow_exception(wrong);
        } catch (const std::exception& error) {
            std::cerr << "demo: " << error.what() << "\n";
        }
        std::ifstream lines{log()};
        if (lines.peek() != EOF) std::cerr << "the service wrote:\n" << lines.rdbuf();
    }

    void told(const std::string& line) {
        if (line.starts_with("payment.paid")) ++told_;
        std::cout << (settings_.is_check ? "told: " : "    told  ") << line << std::endl;
    }

    void show_addresses() const {
        const auto row = [](std::string name, const std::string& address, const char* note) {
            name.resize(20, ' ');
            std::cout << "    " << name << address << note << "\n";
        };
        std::cout << "\n  O.Z.O.R.A. Payments is running\n\n";
        row("Shop", place("shop") + "/", "   buy a ticket here");
        row("Back office", url_ + "/console/sign-in", "   choose who you are");
        row("API reference", url_ + "/", "");
        row("SimplePay stand-in", place("simplepay") + "/reports", "   weekly reports");
        row("Stripe stand-in", place("stripe") + "/dashboard", "   payouts");
        row("Bank stand-in", place("bank") + "/", "   statements");
        row("Tickets stand-in", place("tickets") + "/tickets", "");
        std::cout << "\n    Database, keys and log are in " << folder_.file("")
                  << (settings_.directory.empty() ? " until it stops\n" : "\n")
                  << "    What other services are told appears here; Ctrl-C stops it\n"
                  << std::endl;
    }

    DemoSettings settings_;
    Folder folder_;
    asio::io_context loop_{1};
    std::string url_;  // of the payment service
    std::string keys_;
    Sandbox sandbox_;
    Staff staff_;
    Receiver receiver_;
    std::optional<Service> service_;
    std::size_t told_ = 0;
    int exit_code_ = 0;
};

}  // namespace

int run_demo(const DemoSettings& settings) {
    Demo demo{settings};
    return demo.run();
}

}  // namespace payments::sandbox
