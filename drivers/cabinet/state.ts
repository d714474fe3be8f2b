import { createHash } from 'node:crypto';
import type { Card } from '../simulated-card-printer/parts.ts';
import { profiles } from '../simulated-card-printer/profiles.ts';
import type { Cabinet } from './cabinet.ts';

/** What one sees on looking at the cabinet from all sides: `GET /api/state`. */
export async function stateOf(cabinet: Cabinet) {
  const { world, options } = cabinet;
  const printer = world.cardPrinter;
  const reader = world.motorReader;
  return {
    power: world.power,
    door: world.door,
    recordLength: cabinet.record.length,
    cardPrinter: {
      simulated: true,
      profile: options.profile,
      capabilities: profiles[options.profile],
      stepMs: options.stepMs,
      connected: cabinet.connected('cardPrinter'),
      feeders: printer.feeders.map(({ name, blankKind, blanks }) => ({
        name,
        blankKind,
        count: blanks.length,
        blanks: blanks.map(({ kind, batch, serial }) => ({ kind, batch, serial })),
      })),
      transport: seen(printer.transport),
      stuckTo: seen(printer.stuckTo),
      exit: seen(printer.exit),
      jam: printer.jam,
      rejectBin: printer.rejectBin.map(seen),
      retractBin: printer.retractBin.map(seen),
      binCapacity: printer.binCapacity,
      ribbonPanelsLeft: printer.ribbonPanelsLeft,
      ribbonPanelsFull: printer.ribbonPanelsFull,
      counters: printer.counters,
      lastPresent: printer.lastPresent,
      faults: cabinet.printerFaults.list(),
    },
    motorReader: {
      simulated: true,
      connected: cabinet.connected('motorCardReader'),
      slot: cabinet.motorReader.open ? ('open' as const) : ('closed' as const),
      mouth: reader.mouth,
      held: reader.held,
      captureBin: reader.captureBin,
      binCapacity: reader.binCapacity,
      jammed: reader.jammed,
      faults: cabinet.motorReaderFaults.list(),
    },
    field: cabinet.field,
    canTap: options.lab.virtualCard !== null,
    scanner: { tty: cabinet.scanner.ttyPath, plugged: cabinet.scanner.plugged },
    pagePrinter:
      cabinet.pagePrinter === null ? null : { papersWaiting: await cabinet.pagePrinter.waiting() },
  };
}

function seen(card: Card): SeenCard;
function seen(card: Card | null): SeenCard | null;
function seen(card: Card | null): SeenCard | null {
  if (card === null) return null;
  const { chip, ...rest } = card;
  if (chip === null) return { ...rest, chip: null };
  const files = Object.entries(chip.files).map(([file, hex]) => {
    const bytes = Buffer.from(hex, 'hex');
    return { file, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
  });
  return { ...rest, chip: { uidHex: chip.uidHex, files } };
}

type SeenCard = Omit<Card, 'chip'> & {
  readonly chip: {
    readonly uidHex: string;
    readonly files: readonly { file: string; bytes: number; sha256: string }[];
  } | null;
};
