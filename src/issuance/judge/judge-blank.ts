import type { BlankKind } from '../../domain/document.ts';
import type { StrangerCause } from '../../journal/events/stock.ts';
import type { StockedBlank } from '../blank-stock.ts';
import type { Senses } from './sight.ts';

export interface BlankScene {
  /** What the ledger expects to come next out of that feeder. */
  readonly expected: { readonly serial: string; readonly kind: BlankKind };
  /** What was read on the blank; null is what was not, or was no number of any stock. */
  readonly serial: string | null;
  readonly blankKind: string | null;
  /** The ledger's row of the serial that was read; null: it has none. */
  readonly known: StockedBlank | null;
  readonly senses: Pick<Senses, 'serialReader'>;
}

export type BlankJudgement =
  | { readonly verdict: 'asExpected' }
  /** A blank of the right kind that the ledger has in a feeder: it was only loaded in another order. */
  | { readonly verdict: 'outOfOrder'; readonly blank: StockedBlank }
  | { readonly verdict: 'stranger'; readonly cause: StrangerCause };

/**
 * Which blank a feeder gave. Where nothing can be read the order of loading is believed; where it can, a
 * blank that the ledger does not have in a feeder is never taken for the expected one.
 */
export function judgeBlank(scene: BlankScene): BlankJudgement {
  const { expected, serial, blankKind, known, senses } = scene;
  if (blankKind !== null && blankKind !== expected.kind) return stranger('wrongBlankKind');
  if (serial === null) {
    return senses.serialReader ? stranger('serialUnreadable') : { verdict: 'asExpected' };
  }
  if (known === null) return stranger('blankUnknown');
  if (known.place !== 'inFeeder') return stranger('blankSeenBefore');
  if (known.kind !== expected.kind) return stranger('wrongBlankKind');
  return serial === expected.serial
    ? { verdict: 'asExpected' }
    : { verdict: 'outOfOrder', blank: known };
}

const stranger = (cause: StrangerCause): BlankJudgement => ({ verdict: 'stranger', cause });
