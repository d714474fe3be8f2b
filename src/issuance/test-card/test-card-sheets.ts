import type { Clock } from '../../base/clock.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { Raster } from '../../documents/render/raster.ts';
import type { TestCardContent } from '../../documents/test-card/compose.ts';
import { withoutAlpha } from '../document-checks.ts';
import type { TestCardDeps } from './test-cards.ts';

/** Sheets of test cards, drawn by `compose`. */
export const testCardSheets =
  (
    compose: (content: TestCardContent) => Promise<Result<Raster, { readonly kind: string }>>,
    clock: Clock,
    { terminalId, timeZone }: { readonly terminalId: string; readonly timeZone: string },
  ): TestCardDeps['compose'] =>
  async (ask) => {
    const format = { timeZone, dateStyle: 'medium', timeStyle: 'short' } as const;
    const time = new Intl.DateTimeFormat('id-ID', format).format(clock.now());
    const sheet = await compose({ ...ask, terminalId, time });
    if (!sheet.ok) return err({ kind: sheet.error.kind });
    const rgb = withoutAlpha(sheet.value.rgba);
    return ok({ side: 'front', widthDots: 1012, heightDots: 638, rgb });
  };
