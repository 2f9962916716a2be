// Below a list: how much is shown, and the way to what is older.
import type { ComponentChildren } from 'preact';
import type { Paged } from '../paging';
import { t } from '../words';
import { ProblemNote } from './problem';

export const count_of = (list: Paged<unknown>): string =>
  list.rows.length === 1 ? t('shown_one')
    : t(list.has_older ? 'shown_more' : 'shown', { n: list.rows.length });

// `children`: what may be done with all that is listed.
export function Foot({ list, children }: {
  list: Paged<unknown>; children?: ComponentChildren;
}) {
  if (list.value === undefined || (list.rows.length === 0 && !list.has_older)) return null;
  const newest = () => {
    list.newest();
    scrollTo({ top: 0 });
  };
  return (
    <>
      <div class="list-foot">
        <span class="soft tabular">{list.rows.length === 0 ? t('goes_on') : count_of(list)}</span>
        {list.is_open && (
          <span class="soft">
            {t('paused')}{' '}
            <button type="button" class="link-button" onClick={newest}>{t('newest')}</button>
          </span>
        )}
        {list.has_older && (
          <button
            type="button"
            class="button"
            aria-busy={list.busy}
            onClick={() => void list.load_older(false)}
          >
            {t(list.busy ? 'loading' : 'older')}
          </button>
        )}
        {children}
      </div>
      {list.older_error !== undefined && (
        <ProblemNote
          error={list.older_error}
          on_retry={(by_itself) => void list.load_older(by_itself)}
        />
      )}
    </>
  );
}
