import type { Shape } from './shape.js';

/** What the client must know of an operation of the contract. */
export interface Operation {
  method: string;
  /** With its places in braces: /payments/exports/{format}. */
  path: string;
  /** Whose tokens it takes; none for a public one, which is never sent any. */
  tokens: TokenKind[];
  places: string[];
  query: string[];
  body: 'none' | 'json' | 'file';
  /**
   * When a call may be made again though it may have been done: always, under an Idempotency-Key
   * alone (the client sends one), or never.
   */
  repeat: 'safe' | 'keyed' | 'never';
  /** Answers 304 to If-None-Match. */
  conditional?: true;
  /** Of an answer in JSON; others have one of the media types, and are streams or `text`. */
  shape?: Shape;
  media?: string[];
  text?: true;
}

export type TokenKind = 'user' | 'service';
