import { assertNever } from '../../../src/base/assert.ts';
import type { RecordEntry } from '../../../drivers/cabinet/record.ts';
import type { World } from '../../../drivers/cabinet/world.ts';

/**
 * Follows every blank through the record and says where it must be now: each serial once, with the place.
 * Throws when the record tells of a blank that cannot have been there.
 */
export function placesByRecord(record: readonly RecordEntry[]): Map<string, string> {
  const places = new Map<string, string>();
  const go = (serial: string | null, from: readonly string[], to: string): void => {
    if (serial === null) return;
    const place = places.get(serial) ?? 'outside';
    if (!from.includes(place)) throw new Error(`${serial} is at ${place}, not at ${from.join()}`);
    places.set(serial, to);
  };
  for (const entry of record) {
    switch (entry.type) {
      case 'blanksLoaded':
        for (const { serial } of entry.blanks)
          go(serial, ['outside', 'removed', 'taken'], 'feeder');
        break;
      case 'feederEmptied':
        for (const serial of entry.serials) go(serial, ['feeder'], 'removed');
        break;
      case 'blankFed':
        go(entry.serial, ['feeder'], 'transport');
        break;
      case 'sidePrinted':
      case 'sidePartlyPrinted':
      case 'chipWritten':
        go(entry.serial, ['transport'], 'transport');
        break;
      case 'cardPresented':
        go(entry.serial, ['transport'], 'exit');
        break;
      case 'cardTaken':
      case 'cardPushedOut':
        go(entry.serial, ['exit'], 'taken');
        break;
      case 'cardRetracted':
        go(entry.serial, ['exit'], 'retractBin');
        break;
      case 'cardRejected':
        go(entry.serial, ['transport'], 'rejectBin');
        break;
      case 'cleared':
        go(entry.serial, [entry.foundAt], 'rejectBin');
        break;
      case 'binEmptied':
        for (const serial of entry.serials) go(serial, [`${entry.bin}Bin`], 'removed');
        break;
      case 'captureBinEmptied':
      case 'cardTapped':
      case 'cardUntapped':
      case 'codeScanned':
      case 'doorClosed':
      case 'doorOpened':
      case 'jammed':
      case 'oldCardCaptured':
      case 'oldCardDrawnIn':
      case 'oldCardReturned':
      case 'oldCardTaken':
      case 'paperTaken':
      case 'powerCut':
      case 'powerRestored':
      case 'protocolViolation':
      case 'ribbonReplaced':
      case 'scannerPlugged':
      case 'scannerUnplugged':
      case 'slotCleared':
      case 'slotJammed':
        break;
      default:
        assertNever(entry);
    }
  }
  return places;
}

/** Where every blank is in the world, without those that left it. */
export function placesInWorld(world: World): Map<string, string> {
  const { feeders, transport, stuckTo, exit, rejectBin, retractBin } = world.cardPrinter;
  return new Map([
    ...feeders.flatMap(({ blanks }) => blanks.map(({ serial }) => [serial, 'feeder'] as const)),
    ...(transport === null ? [] : [[transport.serial, 'transport'] as const]),
    ...(stuckTo === null ? [] : [[stuckTo.serial, 'transport'] as const]),
    ...(exit === null ? [] : [[exit.serial, 'exit'] as const]),
    ...rejectBin.map(({ serial }) => [serial, 'rejectBin'] as const),
    ...retractBin.map(({ serial }) => [serial, 'retractBin'] as const),
  ]);
}

/** The blanks that the record and the world do not agree about; empty when all is well. */
export function disagreements(record: readonly RecordEntry[], world: World): string[] {
  const gone = new Set(['taken', 'removed']);
  const told = [...placesByRecord(record)].filter(([, place]) => !gone.has(place));
  const there = placesInWorld(world);
  const wrong = told.filter(([serial, place]) => there.get(serial) !== place);
  const untold = [...there.keys()].filter((serial) => !told.some(([name]) => name === serial));
  return [...wrong.map(([serial]) => serial), ...untold].sort();
}
