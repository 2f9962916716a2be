// A note on a payment.
import { useRef } from 'preact/hooks';
import { add_note } from '../../net/operations';
import type { Opened } from '../../net/types';
import { announce } from '../../parts/announce';
import { TextDialog } from '../../parts/text_dialog';
import { new_key } from '../../refund/kept';
import { t } from './words';

const longest_note = 2000;

export function NoteDialog({ opened, reload, on_close }: {
  opened: Opened; reload: () => void; on_close: () => void;
}) {
  const { id, reference } = opened.transaction;
  // The key belongs to the text: whoever presses again because no answer came writes one note.
  const tried = useRef({ text: '', key: '' });
  return (
    <TextDialog
      title={t('note_title', { reference })}
      lead={t('note_hint')}
      label={t('note_text')}
      go={t('note_save')}
      going={t('note_saving')}
      empty={t('note_empty')}
      rows={4}
      longest={longest_note}
      act={async (text) => {
        if (tried.current.text !== text) tried.current = { text, key: new_key() };
        await add_note(id, text, tried.current.key);
        announce(t('note_saved'));
        reload();
      }}
      on_close={on_close}
    />
  );
}
