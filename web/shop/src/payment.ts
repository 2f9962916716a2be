// One visitor's try to pay, from the button to the place where its end is shown.
import { Problem, Unreachable } from '../../shared/http';
import { start_payment, type Metas, type PaymentOption, type Started } from './api';
import { field_names, type FieldErrors } from './billing';
import type { Key } from './i18n';
import { trouble_of, type Trouble } from './problems';
import { link_to } from './route';
import { pause } from './wait';
import {
  await_challenge,
  confirm_card,
  give_up_challenge,
  type Card,
  type Outcome,
} from './stripe';

export type PaymentState =
  | { step: 'idle' | 'unfinished' | 'starting' | 'in_line' | 'leaving' | 'confirming' }
  | { step: 'challenge'; url: string }
  | { step: 'declined'; reason: Key }
  | { step: 'failed'; trouble: Trouble; fields: FieldErrors };

// More visitors than the service takes on at once: it says when to ask again, which is within
// seconds. After so many times it is for the visitor to say whether to go on.
const asks_max = 20;
const is_crowd = (error: unknown): error is Problem =>
  error instanceof Problem && error.slug === 'overloaded' && error.retry_after_s > 0;

// `/metas/email` of a problem document is the field `email` of the form.
function fields_of(error: unknown): FieldErrors {
  const fields: FieldErrors = {};
  if (!(error instanceof Problem)) return fields;
  for (const name of field_names) {
    const detail = error.fields.get(`/metas/${name}`);
    if (detail) fields[name] = detail;
  }
  return fields;
}

export class Payment {
  private attempt = { body: '', key: '' };
  private abandoned = false;
  private challenge_closed = false;

  constructor(
    private readonly ticket_id: number,
    private readonly show: (state: PaymentState) => void,
    private readonly on_stale: () => void,
  ) {}

  abandon() {
    this.abandoned = true;
  }

  close_challenge() {
    this.challenge_closed = true;
  }

  async pay(option: PaymentOption, metas: Metas, card: Card | undefined) {
    this.set({ step: 'starting' });
    try {
      const started = await this.start_in_line(option.code, metas);
      if (!started.required_additional_action)
        return this.leave_to(link_to.outcome(started.transaction_id));
      if (started.redirect_url) {
        this.set({ step: 'leaving' });
        return location.assign(started.redirect_url);
      }
      if (started.client_secret && card)
        await this.pay_by_card(started, started.client_secret, card);
    } catch (error) {
      this.set({ step: 'failed', trouble: trouble_of(error), fields: fields_of(error) });
      const stale =
        error instanceof Problem && ['already-paid', 'code-not-offered'].includes(error.slug);
      if (stale) this.on_stale();
    }
  }

  private async start_in_line(code: string, metas: Metas): Promise<Started> {
    for (let asks = 1; ; ++asks) {
      try {
        return await this.start(code, metas);
      } catch (error) {
        if (!is_crowd(error) || asks === asks_max || this.abandoned) throw error;
        this.set({ step: 'in_line' });
        await pause(1000 * error.retry_after_s);
      }
    }
  }

  // A lost answer is asked for again under the same key, so it cannot start a second payment.
  // Once there is an answer, the next try is a new one.
  private async start(code: string, metas: Metas): Promise<Started> {
    const body = JSON.stringify([code, metas]);
    if (this.attempt.body !== body) this.attempt = { body, key: crypto.randomUUID() };
    try {
      const started = await start_payment(this.ticket_id, code, metas, this.attempt.key);
      this.attempt.body = '';
      return started;
    } catch (error) {
      if (!(error instanceof Unreachable)) this.attempt.body = '';
      throw error;
    }
  }

  private async pay_by_card(started: Started, client_secret: string, card: Card) {
    this.set({ step: 'confirming' });
    const outcome = await confirm_card(client_secret, card);
    if (outcome.kind !== 'challenge') return this.end(started, outcome);

    this.challenge_closed = false;
    this.set({ step: 'challenge', url: outcome.url });
    const after = await await_challenge(
      client_secret,
      () => this.challenge_closed || this.abandoned,
    );
    if (after === 'closed') {
      await give_up_challenge(outcome.url);
      return this.set({ step: 'declined', reason: 'step_cancelled' });
    }
    this.end(started, after);
  }

  private end(started: Started, outcome: Outcome) {
    if (outcome.kind === 'declined') this.set({ step: 'declined', reason: 'result_declined_text' });
    else if (outcome.kind === 'not_authenticated')
      this.set({ step: 'declined', reason: 'result_authentication' });
    else this.leave_to(link_to.outcome(started.transaction_id));
  }

  private leave_to(place: string) {
    if (!this.abandoned) location.assign(place);
  }

  private set(state: PaymentState) {
    if (!this.abandoned) this.show(state);
  }
}
