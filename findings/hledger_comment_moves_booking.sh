#!/usr/bin/env bash
# hledger 1.25 (Debian 12): a note behind an amount moves it into another year, or stops the file.
#
# In the comment of a posting hledger looks for dates: `date:2025-12-31` anywhere in it, or a date in
# brackets, is the posting's own date from then on. Whoever exports notes of people, or descriptions
# that came with a payment, as comments lets them choose the period of their booking. `check --strict`
# accepts it: a report of 2025 has the money, one of 2026 only the other half of the entry. A date that
# no calendar has, as in "[2026-13-45]", makes the whole file unreadable. Ledger 3.3.0 takes the note of
# the first kind as a note, and refuses the second too.
set -euo pipefail

hledger=1.25-2+b5
ledger=3.3.0-3
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"

apt-get -q -o APT::Sandbox::User=root download \
  "hledger=$hledger" "ledger=$ledger" libboost-python1.74.0=1.74.0+ds1-21 >/dev/null
for package in *.deb; do dpkg-deb -x "$package" root; done
export LD_LIBRARY_PATH=$place/root/usr/lib/ledger:$place/root/usr/lib/x86_64-linux-gnu
root/usr/bin/hledger --version
root/usr/bin/ledger --version | sed -n 1p

# A payment of July 2026 whose note is $1.
journal() {
  cat <<JOURNAL
commodity 1000.00 EUR
account assets:clearing
account revenues

2026-07-08 * (TR1) Ticket 1
    assets:clearing   100.00 EUR  ; $1
    revenues         -100.00 EUR
JOURNAL
}
verdict() { if "$@" >/dev/null 2>&1; then echo accepted; else echo refused; fi; }
amount() { "$@" | awk '{print $1 + 0}'; }

journal 'please book it as of date:2025-12-31, thank you' >moved
journal 'seat [2026-13-45]' >stopped
strict=$(verdict root/usr/bin/hledger -f moved check --strict)
of_2025=$(amount root/usr/bin/hledger -f moved balance -N -p 2025 assets)
of_2026=$(amount root/usr/bin/hledger -f moved balance -N -p 2026 revenues)
stopped=$(verdict root/usr/bin/hledger -f stopped balance)
echo "hledger, note with date:2025-12-31: $strict; assets of 2025 $of_2025, revenues of 2026 $of_2026"
echo "hledger, note with [2026-13-45]: $stopped"

sed 's/^commodity .*/commodity EUR/' moved >moved.ledger
sed 's/^commodity .*/commodity EUR/' stopped >stopped.ledger
in_ledger=$(root/usr/bin/ledger -f moved.ledger balance --no-total -e 2026-01-01 assets)
stopped_in_ledger=$(verdict root/usr/bin/ledger -f stopped.ledger balance)
echo "ledger, the same: assets of 2025 '${in_ledger}', $stopped_in_ledger"

[[ $strict == accepted && $of_2025 == 100 && $of_2026 == -100 && $stopped == refused ]]
[[ -z $in_ledger && $stopped_in_ledger == refused ]]
