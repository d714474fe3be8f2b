import type { Result } from '../../src/base/result.ts';
import {
  NOTHING_TYPED,
  pressedIn,
  typeReport,
  type Typing,
  type TypingFault,
} from './keyboard-protocol.ts';
import { joinReport, type Joining, type ReportFault } from './protocol.ts';

/** The parts of one code follow each other at once; one that comes later begins another code. */
export const MAX_PART_GAP_MS = 500;
/** Longer than any scanner pauses between keys, also where this machine is busy. */
export const MAX_KEY_GAP_MS = 2_000;

export type CodeFault = ReportFault | TypingFault;

/** Makes codes of the reports of one device, in the order that they come. */
export interface CodeReader {
  /** A code has begun and not ended. */
  readonly midway: boolean;
  /** How long it may pause midway. */
  readonly maxGapMs: number;
  /** Something of a code is in this report, rather than a repetition of what is known. To be asked before `take`. */
  isPart(report: Uint8Array): boolean;
  /** What ended with this report: codes, and faults of codes that are dropped. Never throws. */
  take(report: Uint8Array): readonly Result<string, CodeFault>[];
  /** Drops what has begun, for it paused too long; true where that is news. */
  forget(): boolean;
}

/** A scanner in POS mode. */
export class PosCodes implements CodeReader {
  readonly maxGapMs = MAX_PART_GAP_MS;
  #joining: Joining = null;

  get midway(): boolean {
    return this.#joining !== null;
  }

  isPart(): boolean {
    return true;
  }

  take(report: Uint8Array): readonly Result<string, ReportFault>[] {
    const { joining, outcome } = joinReport(this.#joining, report);
    this.#joining = joining;
    return outcome === null ? [] : [outcome];
  }

  forget(): boolean {
    this.#joining = null;
    return true;
  }
}

/**
 * A scanner that types. What it typed before it was taken went elsewhere, so the rest of that is no code; nor is
 * what comes after a pause in the middle of one, up to its Enter: dropped whole, never made shorter.
 */
export class TypedCodes implements CodeReader {
  readonly maxGapMs = MAX_KEY_GAP_MS;
  #typing: Typing = { ...NOTHING_TYPED, dropped: true };
  #heard = false;

  get midway(): boolean {
    return this.#typing.text !== '' || this.#typing.dropped;
  }

  /** A device that knows no SET_IDLE repeats its reports as time passes (HID 1.11 §7.2.4). */
  isPart(report: Uint8Array): boolean {
    return pressedIn(this.#typing, report).length > 0;
  }

  take(report: Uint8Array): readonly Result<string, TypingFault>[] {
    this.#heard ||= this.isPart(report);
    const { typing, outcomes } = typeReport(this.#typing, report);
    this.#typing = typing;
    return outcomes;
  }

  forget(): boolean {
    const { held, text } = this.#typing;
    this.#typing = { held, text: '', dropped: this.#heard };
    return text !== '';
  }
}
