import * as z from 'zod';
import { ok, type Result } from '../../src/base/result.ts';
import { MAX_CODE_BYTES } from '../contract/code-scanner.ts';
import {
  cardPrinterFaults,
  cardPrinterFaultSchema,
  cardPrinterStepSchema,
  isWhileFed,
} from '../simulated-card-printer/faults.ts';
import { looseBlankSchema } from '../simulated-card-printer/parts.ts';
import {
  motorReaderFaults,
  motorReaderFaultSchema,
  motorReaderStepSchema,
} from '../simulated-motor-card-reader/faults.ts';
import { slotCardSchema } from '../simulated-motor-card-reader/parts.ts';
import type { Cabinet, HandsOff } from './cabinet.ts';
import { tapCardSchema, tapFaultSchema } from './card-tap.ts';
import type { PagePrinterTaps } from './page-printer-taps.ts';

type Done = Result<Readonly<Record<string, unknown>> | null, HandsOff>;

/** One thing a hand can do: what it must be told, and what it does. Completes when that has happened. */
export interface Act {
  readonly path: string;
  readonly run: (cabinet: Cabinet, body: unknown) => Promise<Done>;
}

const act = <S extends z.ZodType>(
  path: string,
  body: S,
  run: (cabinet: Cabinet, body: z.infer<S>) => Promise<Done> | Done,
): Act => ({ path, run: async (cabinet, raw) => run(cabinet, body.parse(raw)) });

const nothing = z.strictObject({});
const times = z.number().int().min(1).max(1000).default(1);
const when = z.enum(['before', 'after']).optional();

const printerFault = z
  .strictObject({ step: cardPrinterStepSchema, fault: cardPrinterFaultSchema, when, times })
  .refine(({ step, fault }) => (cardPrinterFaults[step] as readonly string[]).includes(fault), {
    error: 'this fault does not belong to this step',
  })
  .refine(({ fault, when }) => !isWhileFed(fault) || when !== 'before', {
    error: 'this strikes while a blank is fed, not before',
  })
  .transform(({ step, fault, when, times }) => ({
    step,
    fault,
    when: when ?? (isWhileFed(fault) ? ('after' as const) : ('before' as const)),
    timesLeft: times,
  }));

const slotFault = z
  .strictObject({ step: motorReaderStepSchema, fault: motorReaderFaultSchema, when, times })
  .refine(({ step, fault }) => (motorReaderFaults[step] as readonly string[]).includes(fault), {
    error: 'this fault does not belong to this step',
  })
  .transform(({ step, fault, when, times }) => ({
    step,
    fault,
    when: when ?? ('before' as const),
    timesLeft: times,
  }));

const onPagePrinter = (
  cabinet: Cabinet,
  turn: (printer: PagePrinterTaps) => Promise<Done>,
): Promise<Done> | Done =>
  cabinet.pagePrinter === null
    ? {
        ok: false,
        error: { kind: 'noPagePrinter', reason: 'the lab file names no page printer' },
      }
    : turn(cabinet.pagePrinter);

/** Everything hands can do at the cabinet; each is a POST with a JSON body. */
export const acts: readonly Act[] = [
  act(
    '/api/tap',
    z.strictObject({ card: tapCardSchema, faults: tapFaultSchema.nullable().default(null) }),
    (cabinet, { card, faults }) => cabinet.tap(card, faults),
  ),
  act('/api/untap', nothing, (cabinet) => cabinet.untap()),
  act(
    '/api/scan',
    z.strictObject({
      payload: z
        .string()
        .regex(/^[\x20-\x7e]+$/)
        .max(MAX_CODE_BYTES),
    }),
    (cabinet, { payload }) => cabinet.scan(payload),
  ),
  act('/api/scanner/unplug', nothing, async (cabinet) => {
    await cabinet.plugScanner(false);
    return ok(null);
  }),
  act('/api/scanner/plug', nothing, async (cabinet) => {
    if (cabinet.world.power === 'off') {
      return { ok: false, error: { kind: 'noPower', reason: 'the power is off' } };
    }
    await cabinet.plugScanner(true);
    return ok(null);
  }),
  act('/api/slot/insert', slotCardSchema, (cabinet, card) => cabinet.motorReader.insert(card)),
  act('/api/slot/take', nothing, (cabinet) => cabinet.motorReader.take()),
  act('/api/slot/fault', slotFault, (cabinet, fault) => {
    cabinet.motorReaderFaults.arm(fault);
    return ok(null);
  }),
  act('/api/slot/clear-faults', nothing, (cabinet) => {
    cabinet.motorReaderFaults.clear();
    return ok(null);
  }),
  act('/api/slot/clear-jam', nothing, (cabinet) => cabinet.motorReader.clearJam()),
  act('/api/exit/take', nothing, (cabinet) => cabinet.printerHands.takeCard()),
  act('/api/paper/take', nothing, (cabinet) => cabinet.takePaper()),
  act('/api/card-printer/fault', printerFault, (cabinet, fault) => {
    cabinet.printerFaults.arm(fault);
    return ok(null);
  }),
  act('/api/card-printer/clear-faults', nothing, (cabinet) => {
    cabinet.printerFaults.clear();
    return ok(null);
  }),
  act('/api/card-printer/clear-jam', nothing, (cabinet) => cabinet.printerHands.clearJam()),
  act('/api/card-printer/replace-ribbon', nothing, (cabinet) => {
    cabinet.printerHands.replaceRibbon();
    return ok(null);
  }),
  act(
    '/api/feeder/load',
    z.strictObject({ feeder: z.string(), blanks: z.array(looseBlankSchema).min(1) }),
    (cabinet, { feeder, blanks }) => cabinet.printerHands.load(feeder, blanks),
  ),
  act('/api/feeder/empty', z.strictObject({ feeder: z.string() }), (cabinet, { feeder }) =>
    cabinet.printerHands.emptyFeeder(feeder),
  ),
  act(
    '/api/bin/empty',
    z.strictObject({ bin: z.enum(['reject', 'retract', 'capture']) }),
    (cabinet, { bin }) =>
      ok(bin === 'capture' ? cabinet.motorReader.emptyBin() : cabinet.printerHands.emptyBin(bin)),
  ),
  act(
    '/api/page-printer/tray',
    z.strictObject({ level: z.enum(['empty', 'full']) }),
    (cabinet, { level }) => onPagePrinter(cabinet, (printer) => printer.setTray(level)),
  ),
  act(
    '/api/page-printer/toner',
    z.strictObject({ level: z.enum(['out', 'low', 'full']) }),
    (cabinet, { level }) => onPagePrinter(cabinet, (printer) => printer.setToner(level)),
  ),
  act('/api/door', z.strictObject({ open: z.boolean() }), (cabinet, { open }) => {
    cabinet.setDoor(open);
    return ok(null);
  }),
  act('/api/power/cut', nothing, async (cabinet) => {
    await cabinet.cutPower();
    return ok(null);
  }),
  act('/api/power/restore', nothing, async (cabinet) => {
    await cabinet.restorePower();
    return ok(null);
  }),
];

export const recordQuerySchema = z.strictObject({
  after: z.coerce.number().int().min(0).default(0),
});

export const nextQuerySchema = z.strictObject({
  after: z.coerce.number().int().min(0).default(0),
  /** Types of entry, comma-separated; empty for any. */
  type: z
    .string()
    .default('')
    .transform((text) => text.split(',').filter((word) => word !== '')),
  timeoutMs: z.coerce.number().int().min(0).max(120_000).default(10_000),
});
