import { useRef } from 'preact/hooks';

interface Props {
  label: string;
  tabs: { id: string; name: string; count?: number }[];
  chosen: string;
  choose: (id: string) => void;
}

// Arrow keys, Home and End move between tabs, as in any list of tabs.
export function TabList({ label, tabs, chosen, choose }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const move = (event: KeyboardEvent) => {
    const at = tabs.findIndex(({ id }) => id === chosen);
    const to = {
      ArrowRight: (at + 1) % tabs.length,
      ArrowLeft: (at + tabs.length - 1) % tabs.length,
      Home: 0,
      End: tabs.length - 1,
    }[event.key];
    const tab = to === undefined ? undefined : tabs[to];
    if (!tab) return;
    event.preventDefault();
    choose(tab.id);
    box.current?.querySelector<HTMLElement>(`#tab-${tab.id}`)?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label={label} ref={box} onKeyDown={move}>
      {tabs.map(({ id, name, count }) => (
        <button
          key={id}
          id={`tab-${id}`}
          type="button"
          role="tab"
          aria-selected={id === chosen}
          aria-controls="tab-panel"
          tabIndex={id === chosen ? 0 : -1}
          onClick={() => choose(id)}
        >
          {name}{count ? <span class="count">{count > 999 ? '999+' : count}</span> : null}
        </button>
      ))}
    </div>
  );
}
