#!/usr/bin/env bash
# ofxstatement 0.7.1 with Debian 12's plugins: of a camt.053 with two accounts the second is lost.
#
# A file of this kind may hold any number of statements, and banks send one file for all accounts of a
# customer. ofxstatement converts the first, says "Conversion completed", and exits with 0. Whoever books
# from the result has an account, and its whole day, less.
set -euo pipefail

place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"

apt-get -q -o APT::Sandbox::User=root download ofxstatement=0.7.1-1 \
  ofxstatement-plugins=20210310+nmu1 python3-appdirs=1.4.4-3 \
  python3-pkg-resources=66.1.1-1+deb12u2 >/dev/null
for package in *.deb; do dpkg-deb -x "$package" root; done
export PYTHONPATH=$place/root/usr/lib/python3/dist-packages HOME=$place

statement() { # ACCOUNT CURRENCY AMOUNT
  cat <<XML
<Stmt><Id>$2</Id><CreDtTm>2026-07-08T23:00:00</CreDtTm>
<Acct><Id><IBAN>$1</IBAN></Id><Ccy>$2</Ccy>
<Svcr><FinInstnId><BIC>OTPVHUHB</BIC></FinInstnId></Svcr></Acct>
<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="$2">0.00</Amt>
<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-07-08</Dt></Dt></Bal>
<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="$2">$3</Amt>
<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-07-08</Dt></Dt></Bal>
<Ntry><Amt Ccy="$2">$3</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>
<BookgDt><Dt>2026-07-08</Dt></BookgDt><ValDt><Dt>2026-07-08</Dt></ValDt>
<AcctSvcrRef>$2-1</AcctSvcrRef><NtryDtls><TxDtls><RmtInf><Ustrd>payout</Ustrd></RmtInf></TxDtls>
</NtryDtls></Ntry></Stmt>
XML
}
{
  echo '<?xml version="1.0" encoding="UTF-8"?>'
  echo '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt>'
  echo '<GrpHdr><MsgId>1</MsgId><CreDtTm>2026-07-08T23:00:00</CreDtTm></GrpHdr>'
  statement HU42117730161111101800000000 HUF 204100.00
  statement HU86117730161111101900000000 EUR 216.45
  echo '</BkToCstmrStmt></Document>'
} >two.xml

root/usr/bin/ofxstatement --version
root/usr/bin/ofxstatement convert -t iso20022 two.xml two.ofx
echo "exit status $?"
amounts=$(grep -o '<TRNAMT>[0-9.]*' two.ofx | paste -sd ' ')
echo "in the file: 204100.00 HUF and 216.45 EUR, on two accounts; converted: $amounts"

[[ $amounts == '<TRNAMT>204100.00' ]]
