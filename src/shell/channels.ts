import type { CoreToCitizen } from '../rpc/citizen.ts';

/** The names under which the main process and the preload speak; the page never sees them. */
export const channels = {
  /** The preload of a fresh page is there and may be told where things stand. */
  hello: 'anjungan:hello',
  /** The page's thread still runs. */
  beat: 'anjungan:beat',
  toCore: 'anjungan:to-core',
  toPage: 'anjungan:to-page',
} as const;

export const BEAT_EVERY_MS = 200;

/** What the page is told: what core said, or that core does not answer. */
export type FrameToPage = CoreToCitizen | { readonly type: 'away' };
