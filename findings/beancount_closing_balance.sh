#!/usr/bin/env bash
# beancount 2.3.5 (Debian 12): the closing balance of an account is asserted as 10.00, the entries make
# 10.01, and bean-check has nothing to say.
#
# A `balance` tolerates the last digit that it writes: a cent of 10.00, in either direction. Of two it
# complains. So a ledger that checks each statement's closing balance, as it should, takes a cent that
# is missing on each of them. `balance Assets:Bank 10.00 ~ 0.00 EUR` is exact.
set -euo pipefail

place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"

apt-get -q -o APT::Sandbox::User=root download beancount=2.3.5-2 python3-beancount=2.3.5-2+b1 \
  python3-dateutil python3-ply python3-six python3-magic python3-chardet python3-bs4 \
  python3-soupsieve python3-bottle >/dev/null
for package in *.deb; do dpkg-deb -x "$package" root; done
export PYTHONPATH=$place/root/usr/lib/python3/dist-packages
/usr/bin/python3 -c 'import beancount; print("beancount", beancount.__version__)'

# bean-check's verdict when 10.01 EUR are on the account and this is asserted.
verdict() {
  cat >ledger.beancount <<LEDGER
2026-01-01 open Assets:Bank
2026-01-01 open Income:Payouts
2026-07-08 * "payout"
  Assets:Bank      10.01 EUR
  Income:Payouts  -10.01 EUR
2026-07-09 balance Assets:Bank $1 EUR
LEDGER
  if /usr/bin/python3 root/usr/bin/bean-check ledger.beancount 2>/dev/null; then
    echo accepted
  else
    echo refused
  fi
}
one=$(verdict 10.00)
two=$(verdict 9.99)
exact=$(verdict '10.00 ~ 0.00')
echo "10.01 EUR asserted as 10.00: $one; as 9.99: $two; as 10.00 ~ 0.00: $exact"

[[ $one == accepted && $two == refused && $exact == refused ]]
