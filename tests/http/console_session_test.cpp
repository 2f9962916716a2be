// How long a session of the back office lasts, what seals it, and which calls are its pages' own.
#include <gtest/gtest.h>

#include "http/console/page_call.hpp"
#include "http/console/session_rules.hpp"
#include "http/console/session_seal.hpp"

namespace payments::http {
namespace {

using namespace std::chrono_literals;

constexpr Time opened{1'800'000'000s};
constexpr SessionLimits usual{30min, 600min};

ConsoleSession session_used_at(Time used) {
    ConsoleSession session;
    session.made_at = opened;
    session.used_at = used;
    session.ends_at = opened + 10h;
    return session;
}

// ------------------------------------------------------------------------------------- its end

TEST(ConsoleSessionRules, ends_when_nobody_uses_it_and_in_any_case) {
    struct Story {
        const char* what;
        Time used, now;
        bool ended;
    };
    const Story stories[] = {
        {"just opened", opened, opened, false},
        {"a moment before it is idle", opened, opened + 30min - 1ms, false},
        {"idle", opened, opened + 30min, true},
        {"used meanwhile", opened + 20min, opened + 30min, false},
        {"idle after that", opened + 20min, opened + 50min, true},
        {"used to its end", opened + 599min, opened + 600min - 1ms, false},
        {"at its end, just used", opened + 599min, opened + 600min, true},
        {"opened by a replica whose clock is ahead", opened, opened - 60s, false},
        {"opened by one whose clock was wrong", opened, opened - 60s - 1ms, true},
        {"used by one whose clock was wrong", opened + 31min + 1ms, opened + 30min, true},
    };
    for (const auto& [what, used, now, ended] : stories)
        EXPECT_EQ(has_ended(session_used_at(used), usual, now), ended) << what;
}

TEST(ConsoleSessionRules, a_new_one_lasts_no_longer_than_what_it_holds) {
    EXPECT_EQ(end_of_new_session(usual, opened, opened + 1h), opened + 1h);
    EXPECT_EQ(end_of_new_session(usual, opened, opened + 100h), opened + 10h);
}

TEST(ConsoleSessionRules, one_that_can_be_renewed_outlives_its_token) {
    EXPECT_EQ(end_of_new_session(usual, opened, opened + 1h, true), opened + 10h);
    EXPECT_EQ(next_renewal(opened, opened + 1h), opened + 15min);
    EXPECT_EQ(next_renewal(opened, opened + 10min), opened + 8min);
    EXPECT_EQ(next_renewal(opened, opened), opened + renewal_pause);
}

TEST(ConsoleSessionRules, limits_that_were_shortened_count_for_those_that_are_open) {
    const SessionLimits short_ones{5min, 60min};
    const auto session = session_used_at(opened + 58min);
    EXPECT_EQ(last_end(session, short_ones), opened + 1h);
    EXPECT_EQ(idle_end(session, short_ones), opened + 63min);
    EXPECT_TRUE(has_ended(session, short_ones, opened + 1h));
    const SessionLimits long_ones{30min, 6000min};
    EXPECT_EQ(last_end(session, long_ones), opened + 10h);
}

TEST(ConsoleSessionRules, use_is_written_once_a_minute) {
    const auto session = session_used_at(opened);
    EXPECT_FALSE(is_use_worth_noting(session, opened + 59'999ms));
    EXPECT_TRUE(is_use_worth_noting(session, opened + 1min));
    EXPECT_FALSE(is_use_worth_noting(session, opened - 1h));
}

TEST(ConsoleSessionRules, what_is_left_is_told_in_whole_seconds) {
    EXPECT_EQ(seconds_until(opened + 1999ms, opened), 1);
    EXPECT_EQ(seconds_until(opened, opened), 0);
    EXPECT_EQ(seconds_until(opened - 1h, opened), 0);
}

// ------------------------------------------------------------------------------------- its seal

const std::string old_key(32, 'o'), new_key(32, 'n');

TEST(ConsoleSessionSeal, opens_what_it_sealed_and_shows_nothing_of_it) {
    const SessionSeal seal{{new_key}};
    const auto sealed = seal.seal({"header.claims.signature", "refresh", "id"}, "hash-1");
    EXPECT_EQ(sealed.find("claims"), std::string::npos);
    const auto opened_again = seal.open(sealed, "hash-1").value();
    EXPECT_EQ(opened_again.user, "header.claims.signature");
    EXPECT_EQ(opened_again.refresh, "refresh");
    EXPECT_EQ(opened_again.id, "id");
    EXPECT_NE(seal.seal({"header.claims.signature", "refresh", "id"}, "hash-1"), sealed);
}

TEST(ConsoleSessionSeal, keeps_when_its_user_signed_in_and_knows_nothing_of_it_without) {
    const SessionSeal seal{{new_key}};
    const Time signed_in{1'800'000'000'123ms};
    EXPECT_EQ(
        seal.open(seal.seal({"token", "", "", signed_in}, "hash"), "hash")->authenticated_at,
        signed_in
    );
    // As sealed by the version before.
    const auto older =
        seal.seal_text(R"({"user":"token","refresh":"","id":""})", "console session hash");
    EXPECT_EQ(seal.open(older, "hash")->user, "token");
    EXPECT_EQ(seal.open(older, "hash")->authenticated_at, Time{});
}

TEST(ConsoleSessionSeal, is_bound_to_its_session) {
    const SessionSeal seal{{new_key}};
    EXPECT_FALSE(seal.open(seal.seal({"token", "", ""}, "hash-1"), "hash-2"));
}

TEST(ConsoleSessionSeal, keys_are_rolled_by_putting_the_new_one_in_front) {
    const SessionSeal before{{old_key}}, rolling{{new_key, old_key}}, after{{new_key}};
    const auto old_one = before.seal({"token", "", ""}, "hash"),
               new_one = rolling.seal({"token", "", ""}, "hash");
    EXPECT_TRUE(rolling.open(old_one, "hash"));
    EXPECT_TRUE(rolling.open(new_one, "hash"));
    EXPECT_TRUE(after.open(new_one, "hash"));
    EXPECT_FALSE(after.open(old_one, "hash"));
    EXPECT_FALSE(before.open(new_one, "hash"));
}

TEST(ConsoleSessionSeal, what_was_changed_does_not_open) {
    const SessionSeal seal{{new_key}};
    auto sealed = seal.seal({"token", "", ""}, "hash");
    for (std::size_t i = 0; i < sealed.size(); ++i) {
        auto changed = sealed;
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        EXPECT_FALSE(seal.open(changed, "hash")) << i;
    }
    for (const std::string nothing : {"", "AAAA", "not base64!"})
        EXPECT_FALSE(seal.open(nothing, "hash")) << nothing;
}

TEST(ConsoleSessionSeal, needs_a_key) {
    EXPECT_THROW(SessionSeal{std::vector<std::string>{}}, std::invalid_argument);
}

// ------------------------------------------------------------------------------- calls of its
// pages

using HeaderList = std::vector<std::pair<std::string, std::string>>;

Request with_headers(HeaderList headers) {
    Request request;
    request.headers = std::move(headers);
    return request;
}

TEST(ConsolePageCall, the_cookie_is_found_among_others_and_in_any_line) {
    const auto id_in = [](HeaderList headers) {
        return session_cookie(with_headers(std::move(headers)));
    };
    EXPECT_EQ(id_in({{"cookie", "__Host-ozora=abc"}}), "abc");
    EXPECT_EQ(id_in({{"cookie", "a=1; __Host-ozora=abc;  b=2"}}), "abc");
    EXPECT_EQ(id_in({{"cookie", "a=1"}, {"cookie", "__Host-ozora=abc"}}), "abc");
    EXPECT_EQ(id_in({{"cookie", "__Host-ozora=abc; __Host-ozora=abc"}}), "abc");
    EXPECT_EQ(id_in({{"cookie", "__Host-ozora=a=b"}}), "a=b");
    for (const std::string none :
         {"", ";", "__host-ozora=abc", "ozora=abc", "x__Host-ozora=abc", "__Host-ozora", "; ;"})
        EXPECT_FALSE(id_in({{"cookie", none}})) << none;
    EXPECT_FALSE(id_in({}));
}

TEST(ConsolePageCall, two_different_ids_are_nobodys) {
    EXPECT_EQ(session_cookie(with_headers({{"cookie", "__Host-ozora=abc; __Host-ozora=def"}})), "");
}

struct PageCall {
    const char* what;
    HeaderList headers;
    bool is_own;
};

TEST(ConsolePageCall, is_known_by_what_no_other_site_can_send) {
    const PageCall calls[] = {
        {"a page of ours", {{"sec-fetch-site", "same-origin"}, {"x-console", "1"}}, true},
        {"its clock", {{"sec-fetch-site", "same-origin"}, {"x-console", "poll"}}, true},
        {"a sister domain", {{"sec-fetch-site", "same-site"}, {"x-console", "1"}}, false},
        {"a foreign page", {{"sec-fetch-site", "cross-site"}, {"x-console", "1"}}, false},
        {"the address bar", {{"sec-fetch-site", "none"}, {"x-console", "1"}}, false},
        {"nothing at all", {}, false},
        {"the mark alone", {{"x-console", "1"}}, false},
        {"without the mark", {{"sec-fetch-site", "same-origin"}}, false},
        {"another mark", {{"sec-fetch-site", "same-origin"}, {"x-console", "yes"}}, false},
        {"our origin", {{"origin", "https://pay.example"}, {"x-console", "1"}}, true},
        {"our host in the clear", {{"origin", "http://pay.example"}, {"x-console", "1"}}, false},
        {"no origin", {{"origin", "null"}, {"x-console", "1"}}, false},
        {"a foreign origin",
         {{"origin", "https://pay.example.evil.example"}, {"x-console", "1"}},
         false},
        {"our origin, but another site",
         {{"origin", "https://pay.example"}, {"sec-fetch-site", "cross-site"}, {"x-console", "1"}},
         false},
    };
    for (const auto& [what, headers, is_own] : calls) {
        const auto own = check_own_page(with_headers(headers), "https://pay.example");
        EXPECT_EQ(own.has_value(), is_own) << what;
        if (!own) {
            EXPECT_EQ(own.error().code, Errc::foreign_page) << what;
        }
    }
}

TEST(ConsolePageCall, without_a_public_url_the_address_that_was_called_is_ours) {
    const auto from = [](std::string origin, std::string host) {
        return check_own_page(
                   with_headers({{"origin", origin}, {"host", host}, {"x-console", "1"}}), ""
        )
            .has_value();
    };
    EXPECT_TRUE(from("http://127.0.0.1:8080", "127.0.0.1:8080"));
    EXPECT_TRUE(from("https://pay.example", "pay.example"));
    EXPECT_FALSE(from("http://127.0.0.1:8081", "127.0.0.1:8080"));
    EXPECT_FALSE(from("http://", ""));
}

TEST(ConsolePageCall, a_visit_is_made_by_somebody_who_sees_it) {
    EXPECT_TRUE(check_visit(with_headers({})));
    EXPECT_TRUE(check_visit(with_headers({{"sec-fetch-dest", "document"}})));
    for (const std::string part : {"image", "iframe", "empty", "script", ""})
        EXPECT_EQ(
            check_visit(with_headers({{"sec-fetch-dest", part}})).error().code, Errc::foreign_page
        ) << part;
}

TEST(ConsolePageCall, a_visit_that_another_site_began_is_known) {
    for (const std::string other : {"cross-site", "same-site"})
        EXPECT_TRUE(is_from_another_site(with_headers({{"sec-fetch-site", other}}))) << other;
    for (const std::string own : {"same-origin", "none"})
        EXPECT_FALSE(is_from_another_site(with_headers({{"sec-fetch-site", own}}))) << own;
    EXPECT_FALSE(is_from_another_site(with_headers({})));
}

TEST(ConsolePageCall, a_cookie_is_for_this_host_for_no_script_and_for_no_other_site) {
    EXPECT_EQ(cookie_with("abc"), "__Host-ozora=abc; Path=/; Secure; HttpOnly; SameSite=Strict");
    EXPECT_EQ(
        cookie_taken_back(), "__Host-ozora=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0"
    );
}

}  // namespace
}  // namespace payments::http
