// What a link of another page is about: brought into view and given the focus, once.
import { useEffect, useRef } from 'preact/hooks';

export function use_sought<Element extends HTMLElement>(is_sought: boolean) {
  const place = useRef<Element>(null);
  useEffect(() => {
    if (!is_sought) return;
    place.current?.scrollIntoView({ block: 'center' });
    place.current?.querySelector<HTMLElement>('button, a')?.focus({ preventScroll: true });
  }, [is_sought]);
  return place;
}
