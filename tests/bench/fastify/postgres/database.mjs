// The pool, and every statement by name, so that each connection prepares it once.
import pg from 'pg';

pg.types.setTypeParser(pg.types.builtins.INT8, Number); // ids and milliseconds are below 2^53

// Of one process. Of 4, 8, 16 and 32 this gave the highest rate at 64 clients.
const connections = 16;

// Statements are sent without waiting for the answers to those before: it costs a third less.
export const pool = new pg.Pool({
  connectionString: process.argv[2],
  max: connections,
  pipeline: true,
});
pool.on('error', () => process.exit(1));

const texts = {
  lock: 'SELECT * FROM transactions WHERE id = $1 FOR UPDATE',
  facts: 'SELECT * FROM facts WHERE transaction_id = $1 ORDER BY seq',
  notification: `INSERT INTO notifications (processor, identity, received_at, signature, body,
    transaction_id, unmatched_reason, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, '')
    ON CONFLICT (processor, identity) DO NOTHING`,
  fact: `INSERT INTO facts (transaction_id, seq, at, source, kind, subject, amount_minor, currency,
    provider_id, account, detail, identity, hash)
    VALUES ($1, $2, $3, $4, $5, '', $6, $7, $8, $9, '', $10, '')`,
  pay: `UPDATE transactions SET status = 'paid', live = false, holds_fee = true, provider_id = $2,
    updated_at = $3, paid_at = $3, check_at = NULL WHERE id = $1`,
  accept: `UPDATE transactions SET status = 'pending', provider_id = $2, updated_at = $3
    WHERE id = $1`,
  outbox: `INSERT INTO outbox (transaction_id, type, status_before, status_after, refunded_before,
    refunded_after, at, provider_id) VALUES ($1, 'payment.paid', $2, 'paid', 0, 0, $3, $4)`,
  open: `INSERT INTO transactions (ticket_id, fee_type, currency, processor, amount_minor, account,
    email, metas, created_at, expires_at, status, live, holds_fee, updated_at, check_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'created', true, false, $9, $11)
    ON CONFLICT DO NOTHING RETURNING id`,
  of_ticket: 'SELECT * FROM transactions WHERE ticket_id = $1 ORDER BY id',
  transaction: 'SELECT * FROM transactions WHERE id = $1',
  facts_of: `SELECT * FROM facts WHERE transaction_id = ANY($1::bigint[])
    ORDER BY transaction_id, seq`,
};

export const statement = (name, ...values) => ({ name, text: texts[name], values });
export const query = (name, ...values) => pool.query(statement(name, ...values));

// `work` in one database transaction. It gives a list of statements that are under way and need not
// be waited for: they travel together with the COMMIT.
export async function transact(work) {
  const client = await pool.connect();
  let broken;
  try {
    const begun = client.query('BEGIN');
    const last = await work((name, ...values) => client.query(statement(name, ...values)));
    const results = await Promise.all([begun, ...last, client.query('COMMIT')]);
    if (results.at(-1).command !== 'COMMIT') throw new Error('the transaction was rolled back');
  } catch (error) {
    broken = error;
    throw error;
  } finally {
    client.release(broken);
  }
}
