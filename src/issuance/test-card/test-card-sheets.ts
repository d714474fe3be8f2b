import type { Clock } from '../../base/clock.ts';
import { err, ok } from '../../base/result.ts';
import type { ComposeWorker } from '../../documents/compose-worker.ts';
import { withoutAlpha } from '../document-works.ts';
import type { TestCardDeps } from './test-cards.ts';

/** Sheets of test cards, composed in the worker. */
export const testCardSheets =
  (
    worker: Pick<ComposeWorker, 'composeTestCard'>,
    clock: Clock,
    { terminalId, timeZone }: { readonly terminalId: string; readonly timeZone: string },
  ): TestCardDeps['compose'] =>
  async (ask) => {
    const format = { timeZone, dateStyle: 'medium', timeStyle: 'short' } as const;
    const time = new Intl.DateTimeFormat('id-ID', format).format(clock.now());
    const sheet = await worker.composeTestCard({ ...ask, terminalId, time });
    if (!sheet.ok) return err({ kind: sheet.error.kind });
    const rgb = withoutAlpha(sheet.value.rgba);
    return ok({ side: 'front', widthDots: 1012, heightDots: 638, rgb });
  };
