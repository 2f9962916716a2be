// What only some may see. Says the same as the service would, before anything was chosen in vain.
import type { ComponentChildren } from 'preact';
import { Problem } from '../net/call';
import { may } from '../session';
import { ProblemNote } from './problem';

export function Guarded({ needs, children }: { needs: string; children: ComponentChildren }) {
  if (may(needs)) return <>{children}</>;
  const missing = `the user token lacks the privilege ${needs}`;
  return <ProblemNote error={new Problem(403, 'forbidden', missing, '', new Map(), 0)} />;
}
