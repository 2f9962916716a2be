// Files are looked at first, and taken when somebody has seen what would be new.
import { useEffect, useState } from 'preact/hooks';
import { format_number } from '../../format';
import { use_live } from '../../loading';
import { Problem } from '../../net/call';
import { import_file, list_files } from '../../net/settlement_operations';
import type { ImportedFile, SettlementFile } from '../../net/settlement_types';
import { announce } from '../../parts/announce';
import { Icon } from '../../parts/icon';
import { Moment } from '../../parts/moment';
import { ProblemNote } from '../../parts/problem';
import { may } from '../../session';
import { t } from './words';

interface Chosen {
  file: File;
  account: string; // as it was when the file was looked at, so that this is what is taken
  tried?: ImportedFile;
  taken?: ImportedFile;
  error?: unknown;
}

// Every mistake of a file, as the service names them; the whole problem where it names none.
function Mistakes({ error }: { error: unknown }) {
  if (!(error instanceof Problem) || error.details.length === 0) {
    return <ProblemNote error={error} />;
  }
  return (
    <div role="alert">
      <ul class="mistakes" lang="en">
        {error.details.map((detail) => <li key={detail} class="wrong">{detail}</li>)}
      </ul>
    </div>
  );
}

function Preview({ chosen: { file, tried, taken, error } }: { chosen: Chosen }) {
  const lines = (taken ?? tried)?.lines;
  return (
    <li>
      <strong>{file.name}</strong>
      {error !== undefined && <Mistakes error={error} />}
      {error === undefined && !lines && <p class="soft">{t('looking')}</p>}
      {taken && <p class="agrees">{t('took', { new: format_number(taken.lines.new) })}</p>}
      {!taken && tried && (
        <p>
          {tried.known_before ? t('known_before') : t('preview', {
            format: tried.format,
            account: tried.account,
            new: format_number(tried.lines.new),
            known: format_number(tried.lines.known),
            conflicting: format_number(tried.lines.conflicting),
          })}
        </p>
      )}
    </li>
  );
}

// What was chosen and what became of it, one after the other: what of a file is new depends on
// those before it.
function use_upload(on_taken: () => void) {
  const [list, set_list] = useState<Chosen[]>([]);
  const [busy, set_busy] = useState(false);
  async function each(some: Chosen[], only_tries: boolean) {
    set_busy(true);
    const done: Chosen[] = [];
    for (const { file, account, tried } of some) {
      const next: Chosen = { file, account, ...(tried && { tried }) };
      try {
        const answer = await import_file(file, account, only_tries);
        if (only_tries) next.tried = answer;
        else next.taken = answer;
      } catch (error) {
        next.error = error;
      }
      done.push(next);
      set_list([...done, ...some.slice(done.length)]);
    }
    set_busy(false);
    return done;
  }
  const good = list.filter(({ tried, taken, error }) => tried && !taken && error === undefined);
  async function take() {
    const done = await each(good, false);
    const news = done.reduce((sum, { taken }) => sum + (taken?.lines.new ?? 0), 0);
    announce(t('took', { new: format_number(news) }));
    on_taken();
  }
  return {
    list,
    good,
    busy,
    take,
    look: (files: File[], account: string) => {
      if (files.length) void each(files.map((file) => ({ file, account })), true);
    },
    clear: () => set_list([]),
  };
}

// A file that is dropped beside the zone would be opened instead of this page, and what was looked
// at would be lost.
function use_misses() {
  useEffect(() => {
    const ignore = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      if (!event.defaultPrevented) event.dataTransfer.dropEffect = 'none';
      event.preventDefault();
    };
    window.addEventListener('dragover', ignore);
    window.addEventListener('drop', ignore);
    return () => {
      window.removeEventListener('dragover', ignore);
      window.removeEventListener('drop', ignore);
    };
  }, []);
}

function DropZone({ busy, look }: { busy: boolean; look: (files: File[]) => void }) {
  const [over, set_over] = useState(false);
  return (
    <label
      class={`drop-zone ${over ? 'over' : ''}`}
      onDragOver={(event) => { event.preventDefault(); set_over(true); }}
      onDragLeave={() => set_over(false)}
      onDrop={(event) => {
        event.preventDefault();
        set_over(false);
        if (!busy) look([...(event.dataTransfer?.files ?? [])]);
      }}
    >
      <Icon glyph="exports" />
      <span>{t('drop')}</span>
      <input
        type="file" multiple disabled={busy}
        onChange={(event) => {
          look([...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = '';  // the same file may be chosen again
        }}
      />
    </label>
  );
}

function Upload({ on_taken }: { on_taken: () => void }) {
  const [account, set_account] = useState('');
  const { list, good, busy, take, look, clear } = use_upload(on_taken);
  use_misses();
  return (
    <div class="upload stack">
      <label class="field upload-account">
        <span>{t('account')}</span>
        <input
          type="text" value={account} maxLength={64} spellcheck={false}
          aria-describedby="account-hint"
          onInput={(event) => set_account(event.currentTarget.value.trim())}
        />
        <span class="fine" id="account-hint">{t('account_hint')}</span>
      </label>
      <DropZone busy={busy} look={(files) => look(files, account)} />
      {list.length > 0 && (
        <>
          <ul class="previews" aria-live="polite">
            {list.map((one, i) => <Preview key={i} chosen={one} />)}
          </ul>
          <div class="buttons">
            {good.length > 0 && (
              <button
                type="button" class="button strong" aria-busy={busy} disabled={busy}
                onClick={() => void take()}
              >
                {busy ? t('taking')
                  : good.length === 1 ? t('take_one') : t('take_n', { n: good.length })}
              </button>
            )}
            <button type="button" class="button" disabled={busy} onClick={clear}>
              {t('clear')}
            </button>
          </div>
        </>
      )}
    </div>
  );
}

function Row({ file }: { file: SettlementFile }) {
  return (
    <tr role="row">
      <th role="rowheader" scope="row">{file.file || '–'}</th>
      <td role="cell"><span class="cell-label">{t('format')} </span>{file.format}</td>
      <td role="cell" class="number">
        <span class="cell-label">{t('records')} </span>{format_number(file.records)}
      </td>
      <td role="cell"><span class="cell-label">{t('imported')} </span><Moment at={file.at} /></td>
      <td role="cell"><span class="cell-label">{t('by')} </span>{file.by}</td>
    </tr>
  );
}

export function Files({ on_taken }: { on_taken: () => void }) {
  const read = use_live(list_files, '');
  const files = read.value?.files ?? [];
  return (
    <section aria-labelledby="files-title">
      <h2 id="files-title">{t('files')}</h2>
      <p class="soft">{t('files_lead')}</p>
      {may('payments_settlement') && (
        <Upload on_taken={() => { read.reload(); on_taken(); }} />
      )}
      {read.error !== undefined && <ProblemNote error={read.error} on_retry={read.reload} />}
      {read.value && files.length === 0 && <p class="empty-tab">{t('no_files')}</p>}
      {files.length > 0 && (
        <table class="grid" role="table">
          <caption class="unseen">{t('files')}</caption>
          <thead role="rowgroup">
            <tr role="row">
              <th role="columnheader" scope="col">{t('file')}</th>
              <th role="columnheader" scope="col">{t('format')}</th>
              <th role="columnheader" scope="col" class="number">{t('records')}</th>
              <th role="columnheader" scope="col">{t('imported')}</th>
              <th role="columnheader" scope="col">{t('by')}</th>
            </tr>
          </thead>
          <tbody role="rowgroup">
            {[...files].reverse().map((file) => <Row key={file.id} file={file} />)}
          </tbody>
        </table>
      )}
    </section>
  );
}
