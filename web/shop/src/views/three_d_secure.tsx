import { useEffect, useRef } from 'preact/hooks';
import { Icon } from '../art';
import { t } from '../i18n';

// The bank's page, in a dialog over ours.
export function ThreeDSecureDialog({ url, on_close }: { url: string; on_close(): void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  return (
    <dialog class="challenge" ref={dialog} aria-labelledby="challenge-title" onClose={on_close}>
      <div class="challenge-head">
        <h2 id="challenge-title">{t('three_d_secure')}</h2>
        <button
          type="button"
          class="switch round"
          aria-label={t('close')}
          onClick={() => dialog.current?.close()}
        >
          <Icon glyph="cross" />
        </button>
      </div>
      <iframe src={url} title={t('three_d_secure')} />
    </dialog>
  );
}
