#include "commands/check_config.hpp"

#include <iostream>

#include "app/contexts.hpp"
#include "commands/exit_code.hpp"
#include "http/auth/jwks.hpp"

namespace payments {
namespace {

bool is_url(const std::string& source) { return source.find("://") != std::string::npos; }

}  // namespace

std::vector<std::string> mistakes_in_files(const Settings& settings) {
    std::vector<std::string> mistakes;
    const auto check_keys = [&](const std::string& variable, const std::string& source) {
        if (is_url(source)) return;
        const auto text = http::read_key_file(source);
        const auto keys = text ? http::KeySet::read(*text) : text.error();
        if (!keys) mistakes.push_back(variable + ": " + keys.error().detail);
    };
    check_keys("PAYMENTS_USER_KEYS", settings.users.keys);
    check_keys("PAYMENTS_SERVICE_KEYS", settings.services.keys);

    const auto text = http::read_key_file(settings.service_signing_key);
    const auto key = text ? http::read_signing_key(*text) : text.error();
    if (!key) mistakes.push_back("PAYMENTS_SERVICE_SIGNING_KEY: " + key.error().detail);
    const std::string mapping = "PAYMENTS_SETTLEMENT_MAPPING: ";
    if (const auto bytes = settlement_mapping_of(settings); !bytes) {
        for (const auto& [place, detail] : bytes.error().wrong)
            mistakes.push_back(mapping + place + " " + detail);
        if (bytes.error().wrong.empty()) mistakes.push_back(mapping + bytes.error().detail);
    }
    return mistakes;
}

int check_config(const Settings& settings) {
    const auto mistakes = mistakes_in_files(settings);
    for (const auto& mistake : mistakes) std::cerr << mistake << "\n";
    if (!mistakes.empty()) return exit_code::wrong_usage;
    std::cout << "the settings are right\n";
    return exit_code::done;
}

}  // namespace payments
