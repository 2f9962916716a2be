// What the page of exports reads from a file while it comes. The source itself, without a browser.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cents_in, file_reader } from '../../web/console/src/pages/exports/read.ts';

test('a file is read whole, wherever it is cut while it comes', () => {
  const text = '\ufeffat;kind;currency;amount;note\r\n' +
    '2026.11.29. 12:02;taken;EUR;220,00;"Őry; ""Anna""\r\nKft."\r\n' +
    "2026.11.29. 14:20;given_back;EUR;-50,05;'=1+1\r\n";
  for (let size = 1; size < text.length; size += 7) {
    const reader = file_reader('excel-hu');
    for (let i = 0; i < text.length; i += size) reader.push(text.slice(i, i + size));
    assert.ok(reader.is_whole());
    const { head, first, lines, sums } = reader.contents;
    assert.deepEqual(head, ['at', 'kind', 'currency', 'amount', 'note']);
    assert.equal(lines, 2);
    assert.equal(first[0][4], 'Őry; "Anna"\r\nKft.');
    assert.deepEqual(sums, [
      { kind: 'taken', currency: 'EUR', lines: 1, cents: 22000 },
      { kind: 'given_back', currency: 'EUR', lines: 1, cents: -5005 },
    ]);
  }
});

test('a file that stops within a line is not whole', () => {
  for (const text of ['taken,22', '"taken', 'taken,', '"taken"']) {
    const reader = file_reader('rfc4180');
    reader.push(`kind,amount\r\n${text}`);
    assert.ok(!reader.is_whole(), text);
  }
  const reader = file_reader('rfc4180');
  reader.push('kind,amount\r\ntaken,""\r\n');
  assert.ok(reader.is_whole());
});

test('what is no amount does not count as nothing', () => {
  assert.equal(cents_in('-1204.50', 'rfc4180'), -120450);
  assert.equal(cents_in('1204,5', 'excel-hu'), 120450);
  for (const text of ['', '1 204', '1,5', 'NaN']) {
    assert.ok(Number.isNaN(cents_in(text, 'rfc4180')), text);
  }
});
