import { Emitter } from '../../src/base/emitter.ts';
import { err, type Result } from '../../src/base/result.ts';
import type { CommonStatus } from '../contract/words.ts';
import type { CcidReaderPairOptions } from './options.ts';
import { CcidReader, type CcidSurroundings } from './reader.ts';
import type { CcidSlot, OpenedSlot, OpenError, SlotState } from './slot.ts';

export interface CcidPairState {
  /** Why the reader of the citizen's card cannot be used, and that of the SAM; null where it can. */
  readonly trouble: CommonStatus | null;
  readonly samTrouble: CommonStatus | null;
  readonly card: SlotState;
  readonly sam: SlotState | 'notFitted';
}

/**
 * The card slot and the SAM slot of one terminal over raw CCID: two slots of one reader, or one of each of two.
 * No other program may use them. `changed` tells every change of the state.
 */
export class CcidReaderPair {
  readonly events = new Emitter<{ changed: CcidPairState }>();
  readonly #readers: readonly CcidReader[];
  readonly #samReader: CcidReader | null;
  readonly #card: CcidSlot | undefined;
  readonly #sam: CcidSlot | undefined;
  #told = '';

  constructor({ reader, cardSlot, sam }: CcidReaderPairOptions, surroundings: CcidSurroundings) {
    const changed = (): void => this.#tell();
    const ofItsOwn = sam?.reader ?? null;
    const shared = sam !== null && ofItsOwn === null;
    const slots = shared ? [cardSlot, sam.slot] : [cardSlot];
    const first = new CcidReader(reader, slots, surroundings, changed);
    const second =
      sam === null || ofItsOwn === null
        ? null
        : new CcidReader(ofItsOwn, [sam.slot], surroundings, changed);
    this.#readers = second === null ? [first] : [first, second];
    this.#card = first.slots[0];
    this.#sam = shared ? first.slots[1] : second?.slots[0];
    this.#samReader = second ?? (shared ? first : null);
  }

  state(): CcidPairState {
    return {
      trouble: this.#readers[0]?.trouble ?? null,
      samTrouble: this.#samReader?.trouble ?? null,
      card: this.#card?.state ?? 'absent',
      sam: this.#sam?.state ?? 'notFitted',
    };
  }

  /** Completes when the readers were looked for once, found or not. */
  async start(): Promise<void> {
    for (const reader of this.#readers) await reader.start();
  }

  /** Completes when nothing of the readers is held any more. */
  async stop(): Promise<void> {
    for (const reader of this.#readers) await reader.stop();
  }

  openCard(): Promise<Result<OpenedSlot, OpenError>> {
    return this.#open(this.#card);
  }

  openSam(): Promise<Result<OpenedSlot, OpenError>> {
    return this.#open(this.#sam);
  }

  #open(slot: CcidSlot | undefined): Promise<Result<OpenedSlot, OpenError>> {
    return slot?.open() ?? Promise.resolve(err({ kind: 'readerGone' }));
  }

  #tell(): void {
    const state = this.state();
    const text = JSON.stringify(state);
    if (text === this.#told) return;
    this.#told = text;
    this.events.emit('changed', state);
  }
}
