#!/usr/bin/env bash
# iso20022.js 0.0.15 (npm), reading a camt.053: what is only announced looks booked, and cents are no
# whole numbers.
#
# `Sts` tells of each entry whether it is booked (BOOK) or pending (PDNG); only the former are in the
# balances. iso20022.js gives no status, so nobody who uses it can leave the pending ones out: a payout
# that is announced today and booked tomorrow is there twice. Amounts are "in minor units" and are
# multiplied as floating-point numbers: 19.99 is 1998.9999999999998.
set -euo pipefail

place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"

npm init --yes >/dev/null
npm install --no-audit --no-fund --silent iso20022.js@0.0.15

cat >read.mjs <<'READ'
import { readFileSync } from 'node:fs';
import { CashManagementEndOfDayReport } from 'iso20022.js';
const balance = (code, amount) =>
  `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">${amount}</Amt>
  <CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-07-08</Dt></Dt></Bal>`;
const entry = (amount, status) =>
  `<Ntry><Amt Ccy="EUR">${amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>${status}</Sts>
  <BookgDt><Dt>2026-07-08</Dt></BookgDt><ValDt><Dt>2026-07-08</Dt></ValDt>
  <BkTxCd><Prtry><Cd>X</Cd></Prtry></BkTxCd></Ntry>`;
const report = CashManagementEndOfDayReport.fromXML(`<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt>
<GrpHdr><MsgId>1</MsgId><CreDtTm>2026-07-08T23:00:00</CreDtTm></GrpHdr>
<Stmt><Id>1</Id><ElctrncSeqNb>1</ElctrncSeqNb><CreDtTm>2026-07-08T23:00:00</CreDtTm>
<Acct><Id><IBAN>DE02120300000000202051</IBAN></Id><Ccy>EUR</Ccy>
<Svcr><FinInstnId><BIC>BYLADEM1001</BIC></FinInstnId></Svcr></Acct>
${balance('OPBD', '0.00')}${balance('CLBD', '19.99')}
${entry('19.99', 'BOOK')}${entry('99.00', 'PDNG')}</Stmt></BkToCstmrStmt></Document>`);
const { version } = JSON.parse(readFileSync('node_modules/iso20022.js/package.json', 'utf8'));
console.error(`iso20022.js ${version}`);
const [booked, pending] = report.statements[0].entries.map(({ amount, ...rest }) => {
  console.error(amount, JSON.stringify(rest));
  return { amount, rest: JSON.stringify(rest) };
});
console.log(booked.amount, pending.amount, booked.rest === pending.rest ? 'alike' : 'told apart');
READ
result=$(node read.mjs)
echo "19.99 booked and 99.00 pending, in minor units, and all else of them: $result"

[[ $result == '1998.9999999999998 9900 alike' ]]
