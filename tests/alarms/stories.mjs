// Of each alarm, what makes it fire and what only nearly does: one sample a minute (promtool's
// notation), at which minute it is looked at, and what is said then.
const series_of = (metric, replica, more) =>
  `${metric}{job="payments",instance="${replica}"${more ? `,${more}` : ''}}`;
// What every replica tells alike.
const both = (metric, values, more) => ({
  [series_of(metric, 'a', more)]: values, [series_of(metric, 'b', more)]: values,
});

const up = (replica) => series_of('up', replica);
const ready = (replica) => series_of('payments_ready', replica);
const started = series_of('payments_start_time_seconds', 'a');
const answers = (status, operation = 'startPayment', replica = 'a') => {
  const of = operation ? `operation="${operation}",` : '';
  return series_of('payments_http_requests_total', replica, `${of}status="${status}"`);
};
const commit_failures = series_of('payments_store_commit_failures_total', 'a');
const refused_for_load = series_of('payments_refused_for_load_total', 'a');
const log_lines_lost = series_of('payments_log_lines_lost_total', 'a');

const nothing_ready = 'No replica of the payment service is ready, so nothing can be paid.';
const b_is_away = 'The replica b does not answer or is not ready.';
const restarted = 'The replica a was started 3 times in 15 minutes.';
const errors_of = (share, what) =>
  `${share} of the requests ${what} are answered with an error of ours (5xx).`;

const service = {
  PaymentsNotReady: {
    fires: [
      { series: { [ready('a')]: '1 0 0', [ready('b')]: '1 0 0' }, at: 2, says: nothing_ready },
      { series: { [up('a')]: '1 0 0' }, at: 1, says: nothing_ready },
      // One that says no and then nothing at all is the same alarm, and does not begin anew.
      { series: { [ready('a')]: '1 0 stale' }, at: 2, says: nothing_ready },
    ],
    quiet: [
      { series: { [ready('a')]: '0x9', [ready('b')]: '1x9' }, at: 9 },
      { series: { [ready('a')]: '1 0 1 0 1' }, at: 4 },
    ],
  },
  PaymentsReplicaAway: {
    fires: [
      {
        series: { [up('a')]: '1x9', [up('b')]: '1 0x9', [ready('a')]: '1x9' },
        at: 6, labels: { instance: 'b' }, says: b_is_away,
      },
      {
        series: { [up('b')]: '1x9', [ready('b')]: '0x9' },
        at: 5, labels: { instance: 'b' }, says: b_is_away,
      },
    ],
    quiet: [{ series: { [up('b')]: '1 0x4 1x4', [ready('b')]: '1x9' }, at: 5 }],
  },
  PaymentsRestarting: {
    fires: [
      { series: { [started]: '1 2 3 4' }, at: 3, labels: { instance: 'a' }, says: restarted },
      { series: { [started]: '1 2x12 3 4' }, at: 15, labels: { instance: 'a' }, says: restarted },
    ],
    quiet: [
      { series: { [started]: '1 2 3 3' }, at: 3 },
      { series: { [started]: '1 2x12 3 4 4' }, at: 16 },
    ],
  },
  PaymentsErrors: {
    fires: [
      {
        series: {
          [answers(200)]: '0+94x20', [answers(502)]: '0+4x20', [answers(500)]: '0+2x20',
        },
        at: 20, labels: { operation: 'startPayment' }, says: errors_of('6%', 'startPayment'),
      },
      {
        series: { [answers(404, '')]: '0+1x20', [answers(503, '')]: '0+3x20' },
        at: 20, says: errors_of('75%', 'that came to no operation'),
      },
      // Few, at two replicas, at the beginning and at the end of the 15 minutes.
      {
        series: {
          [answers(500)]: '0 1x12 2 2', [answers(500, 'startPayment', 'b')]: '0 1x12 2 2',
        },
        at: 15, labels: { operation: 'startPayment' }, says: errors_of('100%', 'startPayment'),
      },
    ],
    quiet: [
      { series: { [answers(200)]: '0+19x20', [answers(502)]: '0+1x20' }, at: 20 },
      { series: { [answers(500)]: '0 3x20' }, at: 15 },
      { series: { [answers(500)]: '0 4x20' }, at: 18 },
      { series: { [answers(429)]: '0+9x20', [answers(409)]: '0+9x20' }, at: 20 },
      {
        series: { [answers(503, 'readyz')]: '0+9x20', [answers(503, 'metrics')]: '0+9x20' },
        at: 20,
      },
    ],
  },
  PaymentsOverloaded: {
    fires: [{
      series: { [refused_for_load]: '0+8x9' }, at: 6,
      says: 'More visitors want to pay than can be carried; 40 starts were refused in 5 minutes.',
    }],
    quiet: [
      { series: { [refused_for_load]: '0+2x9' }, at: 9 },
      { series: { [refused_for_load]: '0 0 40 40' }, at: 2 },
    ],
  },
  PaymentsCommitsFail: {
    fires: [{
      series: { [commit_failures]: '0 1x8' }, at: 5,
      says: 'The database refuses to keep changes (disk full, broken, or not reached).',
    }],
    quiet: [{ series: { [commit_failures]: '0 1x8' }, at: 6 }],
  },
  PaymentsLogLost: {
    fires: [{
      series: { [log_lines_lost]: '0 1x8' }, at: 5, labels: { instance: 'a' },
      says: 'Lines of the log of a are lost, so nobody can say afterwards what happened.',
    }],
    quiet: [{ series: { [log_lines_lost]: '0 1x8' }, at: 6 }],
  },
};

const calls = (outcome, provider = 'stripe', replica = 'a') =>
  series_of(
    'payments_provider_requests_total', replica, `outcome="${outcome}",provider="${provider}"`,
  );
const notices = (result, replica = 'a') =>
  series_of('payments_notifications_total', replica, `processor="stripe",result="${result}"`);
const no_answer = (share, who) => `${share} of the calls to ${who} get no answer.`;

// Few calls and all in vain, at two replicas, at the beginning and at the end of the 15 minutes.
const few_calls = {
  series: {
    [calls('unanswered')]: '0 1x6 2x9', [calls('unreachable', 'stripe', 'b')]: '0 1x6 2x9',
  },
  at: 15, labels: { provider: 'stripe' }, says: no_answer('100%', 'stripe'),
};
const too_few_calls = { series: { [calls('unanswered')]: '0 3x20' }, at: 15 };
const long_ago = { series: { [calls('unanswered')]: '0 4x30' }, at: 24 };

const providers = {
  PaymentsProviderDown: {
    fires: [
      {
        series: {
          [calls('answered')]: '0+3x20', [calls('refused')]: '0+1x20',
          [calls('unanswered')]: '0+4x20', [calls('unreachable')]: '0+2x20',
        },
        at: 20, labels: { provider: 'stripe' }, says: no_answer('60%', 'stripe'),
      },
      few_calls,
      // It falls silent in the middle of a sale: long before half of fifteen minutes is silence.
      {
        series: {
          [calls('answered')]: '0+60x20 1200x5',
          [calls('unanswered')]: '0x20 0+40x5',
        },
        at: 23, labels: { provider: 'stripe' }, says: no_answer('100%', 'stripe'),
      },
    ],
    quiet: [
      { series: { [calls('answered')]: '0+5x20', [calls('unanswered')]: '0+5x20' }, at: 20 },
      { series: { [calls('unreachable', 'subscriber')]: '0+5x20' }, at: 20 },
      { series: { [calls('refused')]: '0+5x20' }, at: 20 },
      {
        series: { [calls('answered')]: '0+60x20 1200x5', [calls('unanswered')]: '0x20 0+8x5' },
        at: 23,
      },
      too_few_calls,
      long_ago,
    ],
  },
  PaymentsProviderFailing: {
    fires: [
      {
        series: {
          [calls('answered', 'tickets')]: '0+94x20', [calls('unanswered', 'tickets')]: '0+6x20',
          [calls('answered')]: '0+94x20', [calls('unanswered')]: '0+1x20',
        },
        at: 20, labels: { provider: 'tickets' }, says: no_answer('6%', 'tickets'),
      },
      few_calls,
    ],
    quiet: [
      { series: { [calls('answered')]: '0+19x20', [calls('unanswered')]: '0+1x20' }, at: 20 },
      { series: { [calls('unreachable', 'subscriber')]: '0+5x20' }, at: 20 },
      too_few_calls,
      long_ago,
    ],
  },
  PaymentsNoticesRefused: {
    fires: [{
      series: { [notices('refused')]: '0 3x8', [notices('refused', 'b')]: '0 3x8' },
      at: 5, labels: { processor: 'stripe' },
      says:
        'Notifications in the name of stripe are refused: a secret is wrong, or somebody forges.',
    }],
    quiet: [
      { series: { [notices('refused')]: '0+1x9' }, at: 9 },
      { series: { [notices('unmatched')]: '0+9x9' }, at: 9 },
    ],
  },
};

const oldest = (replica) => series_of('payments_events_oldest_waiting_seconds', replica);
const dead = 'payments_events_dead';

const events = {
  PaymentsEventsWait: {
    fires: [{
      series: { [oldest('a')]: '0 700', [calls('unreachable', 'subscriber')]: '0 1' }, at: 1,
      says: 'The receiver of events takes none; the oldest has waited for 11m 40s.',
    }],
    quiet: [
      {
        series: {
          [oldest('a')]: '600', [oldest('b')]: '600', [calls('unreachable', 'subscriber')]: '1',
        },
        at: 0,
      },
      { series: { [oldest('a')]: '0 700', [calls('answered')]: '0 1' }, at: 1 },
    ],
  },
  PaymentsEventsDead: {
    fires: [{
      series: both(dead, '1'), at: 0,
      says: 'Events were given up (1): others were not told of a payment, and will not be.',
    }],
    quiet: [{ series: both(dead, '1 0'), at: 1 }],
  },
};

const reviews = 'payments_reviews';
// Each kind by itself, on record once, as both replicas say.
const each = (kinds, at, says) =>
  kinds.map((kind) => ({
    series: both(reviews, '1x90', `kind="${kind}"`), at, labels: { kind }, says: says(kind),
  }));
const all = (kinds, values, at) => ({
  series: Object.assign({}, ...kinds.map((kind) => both(reviews, values, `kind="${kind}"`))), at,
});

const wrong = ['mismatch', 'contradiction'];
const of_a_bank = ['dispute', 'inquiry', 'fraud_warning'];
const of_nobody = ['unmatched_message', 'foreign_payment'];
const other_work = [
  'duplicate', 'unconfirmed', 'unknown', 'authorized', 'overdue', 'still_payable',
  'refund_unknown', 'refund_failed',
];

const work = {
  PaymentsReview: {
    fires: each(wrong, 0, (kind) =>
      `What was paid is not what was asked for (${kind}: 1): a person must look.`),
    quiet: [
      all(wrong, '1 0', 1),
      all([...of_a_bank, ...of_nobody, ...other_work, 'dead_letter'], '1', 0),
    ],
  },
  PaymentsDisputes: {
    fires: each(of_a_bank, 0, (kind) =>
      `A bank waits for an answer about payments (${kind}: 1), until a deadline.`),
    quiet: [
      all(of_a_bank, '1 0', 1),
      all([...wrong, ...of_nobody, ...other_work, 'dead_letter'], '1', 0),
    ],
  },
  PaymentsUnmatched: {
    fires: each(of_nobody, 10, (kind) =>
      `Money may have moved that nobody here knows of (${kind}: 1).`),
    quiet: [
      all(of_nobody, '1x5 0x9', 10),
      all([...wrong, ...of_a_bank, ...other_work, 'dead_letter'], '1x20', 20),
    ],
  },
  PaymentsWorklist: {
    fires: each(other_work, 60, (kind) => `Payments wait for a person (${kind}: 1).`),
    quiet: [
      all(other_work, '1x90', 59),
      all(other_work, '0x90', 90),
      all([...wrong, ...of_a_bank, ...of_nobody, 'dead_letter'], '1x90', 90),
    ],
  },
};

const unexplained = (values) =>
  both('payments_unexplained', values, 'processor="SIMPLE",currency="EUR"');
const file_age = (replica) => series_of('payments_settlement_age_seconds', replica);
const matched = 'payments_settlement_match_age_seconds';

const money = {
  PaymentsUnexplained: {
    fires: [{
      series: unexplained('1x90'), at: 60, labels: { processor: 'SIMPLE', currency: 'EUR' },
      says:
        '1 minor units of EUR in settlements of SIMPLE are missing, or are there and nobody ' +
        'knows why.',
    }, {
      // Forints are large numbers, which are written out.
      series: unexplained('43700900x90'), at: 60, labels: { processor: 'SIMPLE', currency: 'EUR' },
      says:
        '43700900 minor units of EUR in settlements of SIMPLE are missing, or are there and ' +
        'nobody knows why.',
    }],
    quiet: [
      { series: unexplained('1x90'), at: 59 },
      { series: unexplained('0x90'), at: 90 },
    ],
  },
  PaymentsSettlementForgotten: {
    fires: [{
      series: { [file_age('a')]: '777601', [file_age('b')]: '777602' }, at: 0,
      says: 'No settlement file was imported for 9d 0h 0m 1s.',
    }],
    // A replica that has not looked since says more than the other.
    quiet: [
      { series: { [file_age('a')]: '777600' }, at: 0 },
      { series: { [file_age('a')]: '777601', [file_age('b')]: '9' }, at: 0 },
    ],
  },
  PaymentsSettlementUnmatched: {
    fires: [{
      series: both(matched, '10801'), at: 0,
      says: 'Settlements were matched with payments 3h 0m 1s ago, and not since.',
    }],
    quiet: [{ series: both(matched, '10800'), at: 0 }],
  },
};

const round_age = 'payments_personal_data_round_age_seconds';
const files_unclean = 'payments_personal_data_files_unclean';
const not_erased = (age) => `Personal data that are to be erased were not, for ${age}.`;

const personal_data = {
  PaymentsErasuresLate: {
    fires: [
      { series: both(round_age, '7201x9'), at: 5, says: not_erased('2h 0m 1s') },
      // Never once, since the service began at the beginning of time.
      { series: { [started]: '0x130' }, at: 126, says: not_erased('2h 6m 0s') },
    ],
    // A replica that has not looked since says more than the other.
    quiet: [
      { series: both(round_age, '7201x9'), at: 4 },
      { series: both(round_age, '7200x9'), at: 9 },
      {
        series: { [series_of(round_age, 'a')]: '7201x9', [series_of(round_age, 'b')]: '9x9' },
        at: 9,
      },
      { series: { [started]: '0x200', ...both(round_age, '30x200') }, at: 200 },
      { series: { [started]: '0x130' }, at: 125 },
    ],
  },
  PaymentsErasedInFiles: {
    fires: [{
      series: { [series_of(files_unclean, 'a')]: '1x1500' }, at: 1440,
      says:
        'What was erased may still be in unused parts of the database\'s files, for a day now.',
    }],
    quiet: [
      { series: { [series_of(files_unclean, 'a')]: '1x1500' }, at: 1439 },
      { series: { [series_of(files_unclean, 'a')]: '1x700 0 1x800' }, at: 1500 },
    ],
  },
};

export const stories = {
  ...service, ...providers, ...events, ...work, ...money, ...personal_data,
};
