import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../../src/base/clock.ts';
import { systemClock } from '../../../src/base/clock.ts';
import { Cabinet } from '../../../drivers/cabinet/cabinet.ts';
import { NO_LAB, type CabinetOptions } from '../../../drivers/cabinet/options.ts';
import type { Driver } from '../../../drivers/contract/driver.ts';
import { makeSimulatedCardPrinterFactory } from '../../../drivers/simulated-card-printer/driver.ts';
import type { LooseBlank } from '../../../drivers/simulated-card-printer/parts.ts';
import { makeSimulatedMotorCardReaderFactory } from '../../../drivers/simulated-motor-card-reader/driver.ts';
import { EventLog } from './event-log.ts';

export interface CabinetRig {
  readonly cabinet: Cabinet;
  readonly dataDir: string;
  readonly stop: () => Promise<void>;
}

/** A whole cabinet in this process, on a folder of its own, whose motors take no time unless told. */
export async function startCabinet(
  options: Partial<CabinetOptions> = {},
  clock: Clock = systemClock,
): Promise<CabinetRig> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'anjungan-cabinet-'));
  const cabinet = new Cabinet(
    { dataDir, panelPort: 0, profile: 'full', stepMs: 0, lab: NO_LAB, ...options },
    clock,
  );
  await cabinet.start();
  return {
    cabinet,
    dataDir,
    stop: async () => {
      await cabinet.stop();
      if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

export interface DriverRig<C extends 'cardPrinter' | 'cardReader'> {
  readonly driver: Driver<C>;
  readonly events: EventLog<C>;
}

export async function startCardPrinterDriver(
  socketPath: string,
  options: { answerTimeoutMs?: number; retryMs?: number } = {},
  clock: Clock = systemClock,
): Promise<DriverRig<'cardPrinter'>> {
  const events = new EventLog<'cardPrinter'>();
  const factory = makeSimulatedCardPrinterFactory(clock);
  const driver = factory.create(factory.options.parse({ socketPath, ...options }), events.emit);
  await driver.start();
  return { driver, events };
}

export async function startMotorReaderDriver(
  socketPath: string,
  options: { answerTimeoutMs?: number; retryMs?: number } = {},
  clock: Clock = systemClock,
): Promise<DriverRig<'cardReader'>> {
  const events = new EventLog<'cardReader'>();
  const factory = makeSimulatedMotorCardReaderFactory(clock);
  const driver = factory.create(factory.options.parse({ socketPath, ...options }), events.emit);
  await driver.start();
  return { driver, events };
}

export const ktpBlanks = (count: number, first = 1): LooseBlank[] =>
  Array.from({ length: count }, (_, index) => ({
    kind: 'ktpEl',
    batch: 'B1',
    serial: `KTP-${String(first + index).padStart(6, '0')}`,
  }));

export const kiaBlanks = (count: number, first = 1): LooseBlank[] =>
  Array.from({ length: count }, (_, index) => ({
    kind: 'kia',
    batch: 'K1',
    serial: `KIA-${String(first + index).padStart(6, '0')}`,
  }));

const WIDTH = 1012;
const HEIGHT = 638;

/** A side of one grey, as `printSide` wants it. */
export const greySide = (side: 'front' | 'back', level = 200) => ({
  side,
  widthDots: WIDTH as 1012,
  heightDots: HEIGHT as 638,
  rgbBase64: Buffer.alloc(WIDTH * HEIGHT * 3, level).toString('base64'),
});
