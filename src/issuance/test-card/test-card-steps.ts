import { assertNever } from '../../base/assert.ts';
import type { CardPrinterStatus } from '../../../drivers/contract/card-printer.ts';
import type { StockedBlank } from '../blank-stock.ts';
import { judgeBlank } from '../judge/judge-blank.ts';
import { judgeFeed, judgeReject } from '../judge/judge-card.ts';
import type { Senses } from '../judge/sight.ts';
import { movedAs, strangerFound } from '../stock/strangers.ts';
import { serialIn, type TestCardRun } from './test-card-run.ts';

/** Error codes by which the printer says that no blank left the feeder. */
const FEED_REFUSALS = ['feederEmpty', 'mediaPresent'] as const;

/** Why this printer cannot make a test card now; null: it can. A card that has no bin to fall into is not begun. */
export function faultBefore(status: CardPrinterStatus, senses: Senses | null): string | null {
  if (senses === null) return 'capabilitiesUnknown';
  const { state, media, ribbon, rejectBin } = status;
  if (state !== 'online') return state;
  if (!senses.rejectBin) return 'noRejectBin';
  if (rejectBin === 'full' || rejectBin === 'removed') return `rejectBin.${rejectBin}`;
  const blind = media === 'unknown' && !(senses.cardPosition && senses.exitSensor);
  if (media !== 'notPresent' && !blind) return `media.${media}`;
  return ribbon === 'out' ? 'ribbonOut' : null;
}

/** Takes the blank out of its feeder. True: a card is inside, and goes on to the bin at least. */
export async function feed(run: TestCardRun, expected: StockedBlank): Promise<boolean> {
  const { kind, batch, serial, source } = expected;
  run.blank = { kind, batch, serial, source };
  const why = { attemptId: null, reason: 'testCard' };
  const { scene, answer } = await run.command(
    'feedBlank',
    { feeder: run.feeder, blankKind: kind },
    { refusals: FEED_REFUSALS, moves: [movedAs(expected, 'inTransport', why)] },
  );
  const where = judgeFeed(scene);
  if (answer.ok) read(run, expected, answer.value);
  run.seeDoubleFeed(scene);
  if (where !== 'done') run.trouble(answer);
  switch (where) {
    case 'done':
    case 'inside':
    case 'tryBin':
      return true;
    case 'nothingMoved':
      await run.notPrinted();
      return false;
    case 'unproved':
      await run.unresolved();
      return false;
    default:
      return assertNever(where);
  }
}

/** Which row of the ledger the fed card is, by what was read on it. A stranger is none, and is not printed on. */
function read(
  run: TestCardRun,
  expected: StockedBlank,
  reading: { readonly serial: string | null; readonly blankKind: string | null },
): void {
  const serial = serialIn(reading);
  const known = serial === expected.serial || serial === null ? null : run.stock.find(serial);
  const judged = judgeBlank({
    expected,
    serial,
    blankKind: reading.blankKind,
    // The ledger has it in the transport since it was announced.
    known: serial === expected.serial ? expected : known,
    senses: { serialReader: run.senses?.serialReader === true },
  });
  const inside = { ...expected, place: 'inTransport' as const };
  switch (judged.verdict) {
    case 'asExpected':
      if (serial !== null && run.blank !== null) run.blank = { ...run.blank, source: 'read' };
      return;
    case 'outOfOrder': {
      const { kind, batch, serial: readSerial, place } = judged.blank;
      run.blank = { kind, batch, serial: readSerial, source: 'read' };
      const why = { attemptId: null, reason: 'fedOutOfOrder' };
      run.said = [
        ...run.said,
        movedAs(inside, 'inFeeder', why),
        movedAs({ ...run.blank, place }, 'inTransport', why),
      ];
      return;
    }
    case 'stranger': {
      const { cause } = judged;
      run.blank = null;
      run.trouble(cause);
      run.said = [
        ...run.said,
        ...strangerFound({ feeder: run.feeder, expected: inside }, { serial, known, cause }, null),
      ];
      return;
    }
    default:
      assertNever(judged);
  }
}

/** Drops the card into the reject bin, once; what the sensors then say settles it. */
export async function reject(run: TestCardRun): Promise<void> {
  const { scene, answer } = await run.command(
    'rejectCard',
    {},
    { refusals: ['noMedia', 'binFull'] },
  );
  if (judgeReject(scene) === 'done') return run.inBin();
  run.trouble(answer);
  return run.unresolved();
}
