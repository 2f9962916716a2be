// A provider's message as it came.
import { useEffect, useState } from 'preact/hooks';
import { speaker } from '../../../shared/language';
import { read_message } from '../net/operations';
import type { RawMessage } from '../net/types';
import { ProblemNote } from '../parts/problem';
import { t as say } from '../words';

const t = speaker({
  raw_of: 'Raw message',
  erased: 'This message was erased.',
  masked_note: 'Personal data are masked.',
}, {
  raw_of: 'Nyers üzenet',
  erased: 'Ezt az üzenetet törölték.',
  masked_note: 'A személyes adatok el vannak fedve.',
});

// Laid out when it is JSON; otherwise as it came. Text only, whatever it holds.
export function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

export function Raw({ message_id }: { message_id: number }) {
  const [raw, set_raw] = useState<RawMessage>();
  const [error, set_error] = useState<unknown>();
  const load = (by_itself: boolean) => {
    set_error(undefined);
    read_message(message_id, by_itself).then(set_raw, set_error);
  };
  useEffect(() => load(false), [message_id]);
  if (error !== undefined) return <ProblemNote error={error} on_retry={load} />;
  if (!raw) return <p class="fine" role="status">{say('loading')}</p>;
  return (
    <div class="raw">
      {raw.masked && <p class="fine">{t('masked_note')}</p>}
      {raw.body === null ? <p class="soft">{t('erased')}</p>
        : <pre tabIndex={0} aria-label={t('raw_of')}>{pretty(raw.body)}</pre>}
    </div>
  );
}
