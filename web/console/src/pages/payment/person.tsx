// Who paid: masked, until somebody says why they must see it. What is shown then is kept nowhere
// but on this page, and gone with it.
import { useState } from 'preact/hooks';
import { reveal } from '../../net/operations';
import type { Opened, Personal } from '../../net/types';
import { announce } from '../../parts/announce';
import { TextDialog } from '../../parts/text_dialog';
import { t } from './words';

const told_briefly = ['name', 'company', 'country', 'city'];
const longest_why = 200;

const is_text = (value: unknown): value is string => typeof value === 'string' && value !== '';

function Masked({ email, metas }: Personal) {
  const known = [email, ...told_briefly.map((name) => metas[name])].filter(is_text);
  return known.length > 0 ? <span class="soft">{known.join(' · ')}</span> : null;
}

function Revealed({ person, on_hide }: { person: Personal; on_hide: () => void }) {
  const { email, ...metas } = { ...person.metas, email: person.email };
  const members = [['email', email], ...Object.entries(metas)]
    .filter(([, value]) => is_text(value));
  return (
    <section class="revealed" aria-label={t('personal')}>
      <dl>
        {(members as [string, string][]).map(([name, value]) => (
          <div key={name}><dt>{name.replaceAll('_', ' ')}</dt><dd>{value}</dd></div>
        ))}
      </dl>
      <button type="button" class="link-button" onClick={on_hide}>{t('reveal_hide')}</button>
    </section>
  );
}

export function Person({ opened }: { opened: Opened }) {
  const { id, reference, email, metas } = opened.transaction;
  const [asking, set_asking] = useState(false);
  const [person, set_person] = useState<Personal>();
  const can = opened.may.some(({ what, yes }) => what === 'reveal' && yes);
  return (
    <>
      {person ? <Revealed person={person} on_hide={() => set_person(undefined)} />
        : <Masked email={email} metas={metas} />}
      {can && !person && (
        <button type="button" class="link-button" onClick={() => set_asking(true)}>
          {t('reveal')}
        </button>
      )}
      {asking && (
        <TextDialog
          title={t('reveal_title', { reference })}
          lead={t('reveal_lead')}
          label={t('reveal_why')}
          hint={t('reveal_hint')}
          go={t('reveal_go')}
          going={t('revealing')}
          empty={t('reveal_empty')}
          rows={2}
          longest={longest_why}
          act={async (why) => {
            set_person(await reveal(id, why));
            announce(t('personal'));
          }}
          on_close={() => set_asking(false)}
        />
      )}
    </>
  );
}
