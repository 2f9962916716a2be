#!/usr/bin/env bash
# hledger 1.25 (Debian 12), reading a table of a bank: 104.000 forints become 104.
#
# Where the rules name no `decimal-mark`, hledger guesses it for each amount by itself. In one file
# with points between thousands and decimal commas, "-1.234,50" is read as it is meant, and in the next
# row "104.000" becomes a thousandth of what it is. Nothing is said, and the exit status is 0. Forints
# are full of such amounts, for their decimals are often left out.
set -euo pipefail

hledger=1.25-2+b5
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"

apt-get -q -o APT::Sandbox::User=root download "hledger=$hledger" >/dev/null
dpkg-deb -x hledger_*.deb root
root/usr/bin/hledger --version

printf '2026-07-08,fee,"-1.234,50"\n2026-07-08,payout,"104.000"\n' >bank.csv
rules=$'fields date,description,amount\naccount1 assets:bank'
echo "$rules" >guess.rules
printf 'decimal-mark ,\n%s\n' "$rules" >told.rules

# What each row brings into the account, as hledger prints it: with decimal commas, and as many
# decimals as the file has anywhere.
amounts() {
  root/usr/bin/hledger -f bank.csv --rules-file "$1" print | awk '/assets:bank/ {print $2}' |
    paste -sd ' '
}
guessed=$(amounts guess.rules)
told=$(amounts told.rules)
echo "in the file: -1.234,50 104.000"
echo "guessed:     $guessed"
echo "told:        $told"

[[ $guessed == '-1.234,500 104,000' && $told == '-1.234,50 104.000,00' ]]
