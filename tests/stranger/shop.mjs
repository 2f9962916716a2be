// Visitors of the shop, and what became of their payments.
import { Program, eventually } from '../../scripts/platform.mjs';
import { check, type } from './machine.mjs';

const sandbox = '/root/outside/usr/libexec/ozora-payments/ozora-sandbox';
export const platform = '/root/platform';
export const payments_url = 'http://127.0.0.1:8080';
const shop_url = 'http://127.0.0.1:8081';
const stripe_url = 'http://127.0.0.1:8083';

export class Shop {
  paid = []; // {id, ticket_id, code}

  async make_keys() {
    await type(`${sandbox} keys ${platform}`);
  }

  async open() {
    this.stand_ins = new Program(sandbox, [
      'serve', '--shop', '127.0.0.1:8081', '--simplepay', '127.0.0.1:8082', '--stripe',
      '127.0.0.1:8083', '--tickets', '127.0.0.1:8084', '--bank', '127.0.0.1:8086',
      '--payments-url', payments_url, '--keys', platform,
    ]);
    const answers = () => fetch(shop_url).then(() => true, () => undefined);
    await eventually(answers, { what: 'the shop' });
  }

  // A ticket through each processor; gives the transactions.
  async sell() {
    const pay = `${sandbox} pay --payments-url ${payments_url} --shop-url ${shop_url}` +
      ` --stripe-url ${stripe_url}`;
    const { printed } = await type(pay);
    const sold = printed.split('\n').filter((line) => line.startsWith('{')).map(JSON.parse);
    check('both tickets are paid', sold.length === 2 && sold.every(is_paid), printed);
    this.paid.push(...sold);
    return sold;
  }

  // With which status a start is answered while something is broken.
  async try_to_buy() {
    const { tickets } = await read(`${shop_url}/api/tickets`);
    const is_free = ({ id }) => !this.paid.some(({ ticket_id }) => ticket_id === id);
    const { id } = tickets.find(is_free);
    const offered = await read(`${shop_url}/api/tickets/${id}`);
    const [{ code }] = offered.payment_options;
    const metas = { email: 'visitor@example.com', name: 'Éva Kovács', country: 'HU' };
    const body = JSON.stringify({ ticket_id: id, code, metas });
    const headers = { 'Content-Type': 'application/json' };
    const url = `${payments_url}/payments/start`;
    return (await fetch(url, { method: 'POST', headers, body })).status;
  }

  close() {
    return this.stand_ins.stop();
  }
}

const read = async (url) => (await fetch(url)).json();
const is_paid = ({ status }) => status === 'paid';
