// Whoever the platform hands over is shown who they are about to be before the session starts: any
// page can send its visitors here with a code of its own.
import { useEffect, useState } from 'preact/hooks';
import { Problem } from '../../net/call';
import { accept_handoff, get_handoff } from '../../net/operations';
import type { Person } from '../../net/types';
import { ProblemNote } from '../../parts/problem';
import { inside, link_to } from '../../route';
import { session } from '../../session';
import { Door } from '../../shell/sign_in';
import { t } from './words';

export function ConfirmPage({ to }: { to: string }) {
  const [person, set_person] = useState<Person | undefined>();
  const [error, set_error] = useState<unknown>();
  const [busy, set_busy] = useState(false);
  const now = session.get()?.user;

  useEffect(() => { document.title = `${t('title')} · O.Z.O.R.A.`; });
  useEffect(() => {
    get_handoff().then(({ user }) => set_person(user), set_error);
  }, []);

  async function go_on() {
    set_busy(true);
    try {
      await accept_handoff();
      location.replace(inside(to));
    } catch (wrong) {
      set_error(wrong);
      set_busy(false);
    }
  }

  if (error) {
    const is_gone = error instanceof Problem && error.status === 401;
    return (
      <Door>
        <h1>{t('title')}</h1>
        {is_gone ? <p role="alert">{t('gone')}</p> : <ProblemNote error={error} />}
        <a class="button strong" href={link_to.sign_in(inside(to))}>{t('again')}</a>
      </Door>
    );
  }
  if (!person) return <Door><h1>{t('title')}</h1></Door>;
  return (
    <Door>
      <div>
        <h1>{t('title')}</h1>
        <p class="soft">{t('lead')}</p>
      </div>
      <p class="who"><strong>{person.name}</strong> <span class="soft">{person.sub}</span></p>
      <p class="fine">{t('warn')}</p>
      {now && now.sub !== person.sub && <p>{t('instead_of', { name: now.name })}</p>}
      <button
        type="button"
        class="button strong"
        aria-busy={busy}
        onClick={() => { if (!busy) void go_on(); }}
      >
        {t('go_as', { name: person.name })}
      </button>
      <a class="button" href={now ? link_to.payments : link_to.signed_out}>{t('not_me')}</a>
    </Door>
  );
}
