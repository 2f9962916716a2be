// A caller as a stranger would write it, on the client that openapi-typescript makes of the
// contract. It compiles under the strictest settings only if the contract says exactly what may be
// null.
import createClient from 'openapi-fetch';
import type { components, paths } from './schema.js';

type Transaction = components['schemas']['Transaction'];

function fail(what: string): never {
  throw new Error(what);
}

export async function pay_and_look_up(
  url: string, ticket_id: number, code: string, token: string,
): Promise<{ page: string; transaction: Transaction }> {
  const client = createClient<paths>({ baseUrl: url });
  const started = await client.POST('/payments/start', {
    body: {
      ticket_id,
      code,
      metas: { email: 'visitor@example.com', name: 'Éva Kovács', state: null },
    },
  });
  if (started.error) fail(`${started.error.status}: ${started.error.detail}`);
  const { redirect_url, client_secret, transaction_id } = started.data;
  const page: string = redirect_url ?? fail('no page to send the visitor to');
  if (client_secret !== null) fail('a secret where there is a page');

  const found = await client.POST('/payments/search', {
    headers: { Authorization: `Bearer ${token}` },
    body: { search_term: transaction_id },
  });
  if (found.error) fail(`${found.error.status}: ${found.error.detail}`);
  const transaction = found.data.transactions[0] ?? fail('the transaction is not there');
  return { page, transaction };
}

// What is wrong with a request, member by member.
export async function faults_of(url: string, body: unknown): Promise<string[]> {
  const client = createClient<paths>({ baseUrl: url });
  type Start = paths['/payments/start']['post']['requestBody']['content']['application/json'];
  const { error } = await client.POST('/payments/start', { body: body as Start });
  return error?.errors?.map(({ pointer, detail }) => `${pointer} ${detail}`) ?? [];
}

export async function review_subjects(url: string, token: string): Promise<string[]> {
  const client = createClient<paths>({ baseUrl: url });
  const { data, error } = await client.GET('/payments/review', {
    headers: { Authorization: `Bearer ${token}` },
  });
  if (error) fail(error.detail);
  return data.reviews.map(({ transaction, message }) =>
    transaction?.reference ?? message?.identity ?? fail('about nothing'));
}
