#!/usr/bin/env bash
# hledger 1.25 and Ledger 3.3.0 (Debian 12): a currency that is written without decimals, as forints
# are, is declared so. From then on an entry is "balanced" that loses half a forint.
#
# The journals say the form of forints in each tool's own words: `commodity 1000. HUF` for hledger,
# `format 1000 HUF` for Ledger. 10.50 HUF against -10 HUF then passes their strictest checks, and
# both reports show 10 and -10. Without the declaration both refuse the same entry. Payment providers
# do settle fractions of a forint: percentage fees make them.
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

entry='
2026-07-08 payout
    assets:bank      10.50 HUF
    income          -10 HUF'
accounts=$'account assets:bank\naccount income\n'
printf '%s%s\n' "$accounts" "$entry" >plain
printf 'commodity 1000. HUF\n%s%s\n' "$accounts" "$entry" >whole.hledger
printf 'commodity HUF\n    format 1000 HUF\n%s%s\n' "$accounts" "$entry" >whole.ledger

verdict() { if "$@" >/dev/null 2>&1; then echo accepted; else echo refused; fi; }
shown() { "$@" | tr -s ' ' | sed 's/^ //' | head -2 | paste -sd ','; }

hledger_plain=$(verdict root/usr/bin/hledger -f plain balance)
hledger_whole=$(verdict root/usr/bin/hledger -f whole.hledger check --strict)
ledger_plain=$(verdict root/usr/bin/ledger -f plain balance)
ledger_whole=$(verdict root/usr/bin/ledger -f whole.ledger --pedantic balance)
echo "10.50 HUF against -10 HUF, forints not declared: hledger $hledger_plain, ledger $ledger_plain"
echo "the same, forints declared without decimals:     hledger $hledger_whole, ledger $ledger_whole"
hledger_shown=$(shown root/usr/bin/hledger -f whole.hledger balance --no-total)
ledger_shown=$(shown root/usr/bin/ledger -f whole.ledger balance --no-total)
echo "hledger shows: $hledger_shown; ledger shows: $ledger_shown"

[[ $hledger_plain == refused && $ledger_plain == refused ]]
[[ $hledger_whole == accepted && $ledger_whole == accepted ]]
[[ $hledger_shown == *'10 HUF assets:bank'* && $ledger_shown == *'10 HUF assets:bank'* ]]
