// What bash, zsh and fish complete, asked of these shells themselves.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { said, the_packages } from './packaged.mjs';

let place, home;
before(async () => {
  place = (await the_packages()).service.unpacked;
  home = await mkdtemp(join(tmpdir(), 'ozora-shells-'));
});
after(() => rm(home, { recursive: true, force: true }));

const env = () => ({ PATH: process.env.PATH, HOME: home, LANG: 'C.UTF-8', TERM: 'dumb' });
const lines = (text) => text.split('\n').filter(Boolean).sort();

// What is offered for the last word, each shell in its own way.
const shells = {
  bash: async (...words) => lines(await said('bash', ['--norc', '-c', `
    source "$0"; COMP_WORDS=(ozora-payments "$@"); COMP_CWORD=$#; _ozora_payments
    printf '%s\\n' "\${COMPREPLY[@]}"`,
  join(place, 'usr/share/bash-completion/completions/ozora-payments'), ...words], { env: env() })),
  fish: async (...words) => lines(await said('fish', ['--no-config', '-c', `
    source $argv[1]; complete -C "ozora-payments $argv[2]"`,
  join(place, 'usr/share/fish/vendor_completions.d/ozora-payments.fish'), words.join(' ')],
  { env: env() })).map((line) => line.split('\t')[0]),
};

for (const [shell, offered] of Object.entries(shells)) {
  describe(`in ${shell}`, () => {
    it('commands are completed', async () => {
      assert.deepEqual(await offered('re'), [
        'ready', 'reconcile', 'refresh-scopes', 'refund', 'reserve-numbers', 'restore',
        'review',
      ]);
      assert.deepEqual(await offered('settlement', 'ma'), ['match']);
    });
    it('options of the command are, and those of others are not', async () => {
      assert.deepEqual(await offered('refund', '--am'), ['--amount']);
      assert.deepEqual(await offered('review', '--am'), []);
      assert.deepEqual(await offered('settlement', 'import', '--ma'), ['--mapping']);
      assert.deepEqual(await offered('events', 'replay', '--dea'), ['--dead']);
    });
    it('settings are, where they count', async () => {
      assert.deepEqual(await offered('serve', '--listen'), ['--listen']);
      assert.deepEqual(await offered('review', '--listen'), []);
      assert.deepEqual(await offered('serve', '--stripe-secret'), ['--stripe-secret-key-file']);
    });
    it('values are, where there is a choice', async () => {
      assert.deepEqual(await offered('settlement', 'report', '--format', ''), [
        'csv', 'json', 'text',
      ]);
    });
  });
}

// zsh completes only what is typed, so it is typed: a Tab, and a key that writes down the line.
const typed_in_zsh = (text) => said('zsh', ['-f', '-c', `
  zmodload zsh/zpty
  zpty shell zsh -f -i
  zpty -w shell "PS1= fpath=($1 \\$fpath); autoload -Uz compinit && compinit -u -D"
  zpty -w shell "note() { print -r -- \\"\\$BUFFER\\" >$2/line.new; mv $2/line.new $2/line }"
  zpty -w shell "zle -N note; bindkey '^X' note; print rea''dy"
  while zpty -r shell line && [[ $line != *ready* ]]; do :; done
  rm -f $2/line
  zpty -w -n shell "$3"$'\\t\\x18'
  while [[ ! -e $2/line ]]; do sleep 0.02; done
  cat $2/line
  zpty -d shell`,
'zsh', join(place, 'usr/share/zsh/vendor-completions'), home, text],
{ env: env(), timeout: 20_000 });

describe('in zsh', () => {
  it('commands, options, settings and values are completed', async () => {
    for (const [text, whole] of [
      ['ozora-payments revi', 'review '],
      ['ozora-payments settlement ma', 'match '],
      ['ozora-payments refund --am', '--amount '],
      ['ozora-payments review --am', '--am'],
      ['ozora-payments serve --stripe-secret', '--stripe-secret-key-file '],
      ['ozora-payments settlement report --format j', 'json '],
    ]) {
      const line = await typed_in_zsh(text);
      assert.equal(line, `${text.replace(/\S+$/, '')}${whole}\n`);
    }
  });
});
