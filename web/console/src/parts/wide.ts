// Whether there is room for two things side by side.
import { useEffect, useState } from 'preact/hooks';

const room = matchMedia('(min-width: 48.01rem)');

export function use_wide(): boolean {
  const [wide, set_wide] = useState(room.matches);
  useEffect(() => {
    const change = () => set_wide(room.matches);
    room.addEventListener('change', change);
    return () => room.removeEventListener('change', change);
  }, []);
  return wide;
}
