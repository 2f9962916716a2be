#!/usr/bin/env bash
# libfaketime 0.9.10 (Debian 12): a timer of the kernel (timerfd) that is set at an absolute time in
# the past fires at once. Under libfaketime it never does, although it is one of the monotonic clock,
# and that clock was to be left alone (FAKETIME_DONT_FAKE_MONOTONIC).
#
# Boost.Asio sets a timer that has expired already in just this way, at 1 ns: work that is due at once
# is not done, or only when something else wakes the loop. A relative timer fires as it should.
set -euo pipefail

libfaketime=0.9.10-2.1
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"

apt-get -q -o APT::Sandbox::User=root download "libfaketime=$libfaketime" >/dev/null
dpkg-deb -x ./*.deb root
dpkg-deb -f ./*.deb Package Version

cat >timer.c <<'SOURCE'
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/timerfd.h>

int main(int count, char** words) {
    int is_absolute = count > 1 && strcmp(words[1], "absolute") == 0;
    int timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
    struct itimerspec when = {{0, 0}, {0, 1}};
    timerfd_settime(timer, is_absolute ? TFD_TIMER_ABSTIME : 0, &when, 0);
    struct pollfd wait = {timer, POLLIN, 0};
    puts(poll(&wait, 1, 500) == 1 ? "fires" : "never fires");
    return 0;
}
SOURCE
gcc -o timer timer.c

seen() {  # KIND [VARIABLE=VALUE...]
  local kind=$1
  shift
  env "$@" ./timer "$kind"
}
export FAKETIME_DONT_FAKE_MONOTONIC=1
faked=(LD_PRELOAD="$(find "$place/root" -name libfaketimeMT.so.1)" FAKETIME=+30d)
plain=$(seen absolute)
absolute=$(seen absolute "${faked[@]}")
relative=$(seen relative "${faked[@]}")
echo "a timer at 1 ns of the monotonic clock:  $plain"
echo "the same under libfaketime:              $absolute"
echo "one in 1 ns from now, under libfaketime: $relative"

[[ $plain == fires && $absolute == 'never fires' && $relative == fires ]]
