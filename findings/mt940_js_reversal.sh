#!/usr/bin/env bash
# mt940-js 1.0.0 (npm): money that a bank takes back is read as money that comes.
#
# An MT940 statement marks an entry C, D, RC or RD. RC takes back a credit, so the money goes. mt940-js
# tells a direction by `isCredit` alone, of an amount that is never negative, and says true for RC; it
# has no member that tells of a reversal. A payout that was booked twice and once taken back counts
# three times, though the statement's own balances say that it came once. Nothing is refused.
#
# The package needs `tslib`, which it does not ask for.
set -euo pipefail

place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"

npm init --yes >/dev/null
npm install --no-audit --no-fund --silent mt940-js@1.0.0 tslib@2.8.1

# Opened with 1000.00, closed with 1100.00.
printf '%s\r\n' ':20:STATEMENT' ':25:12345678/0123456789' ':28C:131/1' ':60F:C260707EUR1000,00' \
  ':61:2607080708C100,00NTRFNONREF' ':86:PAYOUT' \
  ':61:2607080708C100,00NTRFNONREF' ':86:PAYOUT BOOKED AGAIN' \
  ':61:2607080708RC100,00NTRFNONREF' ':86:TAKEN BACK' \
  ':62F:C260708EUR1100,00' >statement.sta

cat >read.cjs <<'READ'
const { readFileSync } = require('node:fs');
const { read } = require('mt940-js');
read(readFileSync('statement.sta')).then(([statement]) => {
  let balance = statement.openingBalance.value;
  for (const entry of statement.transactions) {
    console.error(entry.isCredit ? 'credit' : 'debit', entry.amount, entry.description);
    balance += entry.isCredit ? entry.amount : -entry.amount;
  }
  console.log(statement.closingBalance.value, balance);
});
READ
result=$(node read.cjs)
echo "mt940-js $(node -p 'require("mt940-js/package.json").version'): closing balance and sum of entries: $result"

[[ $result == '1100 1300' ]]
