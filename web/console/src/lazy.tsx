// Pages that are not the first one come when they are wanted.
import { useEffect, useState } from 'preact/hooks';
import type { ComponentType } from 'preact';
import { ProblemNote } from './parts/problem';
import { Unreachable } from './net/call';

export function lazy<Props extends object>(load: () => Promise<ComponentType<Props>>) {
  let loaded: ComponentType<Props> | undefined;
  const fetch_it = () => load().then((component) => (loaded = component));
  function Lazy(props: Props) {
    const [, draw] = useState(0);
    const [failed, set_failed] = useState(false);
    const Loaded = loaded;
    const start = () => {
      set_failed(false);
      fetch_it().then(() => draw(1), () => set_failed(true));
    };
    useEffect(() => { if (!Loaded) start(); }, []);
    // The files of a version that was replaced meanwhile are gone: only loading anew helps.
    if (failed) return <ProblemNote error={new Unreachable()} on_retry={() => location.reload()} />;
    return Loaded ? <Loaded {...props} /> : null;
  }
  return Object.assign(Lazy, { prepare: () => void fetch_it().catch(() => {}) });
}
