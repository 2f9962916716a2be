// The events that the real service signs, as a receiver takes them with payments_client/webhooks.
import assert from 'node:assert/strict';
import { createHmac, randomBytes } from 'node:crypto';
import { before, describe, it } from 'node:test';
import { payments_client_webhooks } from './installed.mjs';
import { client_world, eventually, pay } from './world.mjs';

let place, verifyEvent, paid, sent;
before(async () => {
  place = await client_world();
  ({ verifyEvent } = await payments_client_webhooks());
  paid = await pay(place);
  sent = await eventually(() =>
    place.heard.find(({ body }) => body.includes(`"transaction_id":${paid.transaction_id},`)));
});

const new_secret = () => `whsec_${randomBytes(32).toString('base64')}`;
const secret = new_secret();

// As the service would sign: the text, so many seconds from now.
function signed(text, { ahead_s = 0, id = 'evt_1', with_secret = secret } = {}) {
  const timestamp = Math.floor(Date.now() / 1000) + ahead_s;
  const key = Buffer.from(with_secret.slice('whsec_'.length), 'base64');
  const mac = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(text);
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': `v1,${mac.digest('base64')}`,
  };
}
const refusal = (...given) => {
  try {
    verifyEvent(...given);
  } catch (error) {
    return `${error.name}: ${error.message}`;
  }
  return assert.fail('it was taken');
};

describe('an event of the service', () => {
  it('is what happened, under the id by which it is known again', () => {
    const { id, type, data } = verifyEvent(sent.body, sent.headers, place.secrets);
    assert.deepEqual([id, type], [sent.headers['webhook-id'], 'payment.paid']);
    assert.deepEqual([data.transaction_id, data.ticket_id, data.status, data.amount],
      [paid.transaction_id, paid.ticket_id, 'paid', 220]);
  });

  it('verifies by each secret while one is replaced, as text, and with headers of fetch', () => {
    const [old_one, new_one] = place.secrets;
    for (const secrets of [old_one, [new_secret(), old_one], new_one, [new_one]]) {
      const { type } = verifyEvent(sent.body.toString(), new Headers(sent.headers), secrets);
      assert.equal(type, 'payment.paid');
    }
    const no = 'EventError: No matching signature found';
    assert.equal(refusal(sent.body, sent.headers, [new_secret(), new_secret()]), no);
  });

  it('is refused when a byte of it, its id or its time is another', () => {
    const { body, headers } = sent;
    const no = 'EventError: No matching signature found';
    const other = Buffer.from(body.toString().replace('220', '221'));
    assert.equal(refusal(other, headers, place.secrets), no);
    const later = String(Number(headers['webhook-timestamp']) + 1);
    for (const [name, value] of [['webhook-id', 'evt_2'], ['webhook-timestamp', later]]) {
      assert.equal(refusal(body, { ...headers, [name]: value }, place.secrets), no);
    }
    const unsigned = { ...headers };
    delete unsigned['webhook-signature'];
    assert.equal(refusal(body, unsigned, place.secrets), 'EventError: Missing required headers');
  });

  it('that only tests the receiver says so', async () => {
    const { event_id } = await place.client().sendTestEvent({});
    const { body, headers } = place.heard.find((one) => one.headers['webhook-id'] === event_id);
    const { type, data, id } = verifyEvent(body, headers, place.secrets);
    assert.deepEqual([type, data, id], ['test', {}, event_id]);
  });
});

describe('what was signed', () => {
  const test_event = '{"type":"test","timestamp":"2026-12-01T11:00:00Z","data":{}}';

  it('counts for five minutes', () => {
    for (const ahead_s of [-295, 295]) {
      assert.equal(verifyEvent(test_event, signed(test_event, { ahead_s }), secret).type, 'test');
    }
    assert.match(refusal(test_event, signed(test_event, { ahead_s: -310 }), secret), /too old/);
    assert.match(refusal(test_event, signed(test_event, { ahead_s: 310 }), secret), /too new/);
  });

  it('but is no event is refused', () => {
    const short = '{"type":"payment.paid","timestamp":"2026-12-01T11:00:00Z","data":{}}';
    for (const [text, why] of [
      ['hello', 'the body is not JSON'],
      ['null', '/type is missing or is not a string'],
      ['{"type":7}', '/type is missing or is not a string'],
      [short, 'signed, but not an event: /data/transaction_id is missing'],
    ]) {
      assert.equal(refusal(text, signed(text), secret), `EventError: ${why}`);
    }
    const broken = Buffer.from([0x22, 0xff, 0x22]);
    assert.match(refusal(broken, signed(broken), secret), /^EventError: the body is not UTF-8/);
  });

  it('of a type of tomorrow is for nobody, and no error', () => {
    const text = '{"type":"payment.settled","timestamp":"2030-01-01T00:00:00Z","data":{"x":1}}';
    assert.deepEqual(verifyEvent(text, signed(text), secret),
      { id: 'evt_1', type: 'unknown', type_name: 'payment.settled', data: { x: 1 } });
  });

  it('needs a secret', () => {
    const headers = signed(test_event);
    assert.match(refusal(test_event, headers, []), /^TypeError/);
    assert.match(refusal(test_event, headers, ['']), /Secret can't be empty/);
  });
});
