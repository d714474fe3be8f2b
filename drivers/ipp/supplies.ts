import type { SupplyLevel } from '../contract/words.ts';
import type { PrinterAttributes } from './printer-state.ts';

export interface Tray {
  readonly name: string;
  readonly level: SupplyLevel;
}

/** The trays that hold more than a sheet. */
export const traysOf = (attributes: PrinterAttributes): Tray[] =>
  attributes['printer-input-tray'].flatMap((text) => trayOf(text));

/** The emptiest of toners, inks and ribbons. `reasons` are the contract's words for what the printer says. */
export function markerLevelOf(
  attributes: PrinterAttributes,
  reasons: readonly string[],
): SupplyLevel {
  if (reasons.includes('tonerEmpty')) return 'out';
  if (reasons.includes('tonerLow')) return 'low';
  const levels =
    attributes['printer-supply'].length > 0 ? suppliesOf(attributes) : markersOf(attributes);
  const worstFirst: readonly SupplyLevel[] = ['out', 'low', 'unknown', 'full'];
  return worstFirst.find((level) => levels.includes(level)) ?? 'unknown';
}

const suppliesOf = (attributes: PrinterAttributes): SupplyLevel[] =>
  attributes['printer-supply']
    .map(fieldsOf)
    .filter((fields) => fields.get('class') === 'supplyThatIsConsumed')
    .map((fields) =>
      levelOf(Number(fields.get('level') ?? -2), Number(fields.get('maxcapacity') ?? 100)),
    );

/** What CUPS has of a printer's supplies: percents side by side with their kinds, waste boxes among them. */
const markersOf = (attributes: PrinterAttributes): SupplyLevel[] =>
  attributes['marker-levels'].flatMap((level, index) => {
    if (attributes['marker-types'][index]?.startsWith('waste') === true) return [];
    const low = attributes['marker-low-levels'][index] ?? 0;
    return [level > 0 && level <= low ? 'low' : levelOf(level, 100)];
  });

/** `key=value;…` of printer-input-tray and printer-supply (PWG 5100.13 §5.6). */
function fieldsOf(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split(';').flatMap((field) => {
      const at = field.indexOf('=');
      return at === -1 ? [] : [[field.slice(0, at), field.slice(at + 1)] as const];
    }),
  );
}

function trayOf(text: string): Tray[] {
  const fields = fieldsOf(text);
  const capacity = Number(fields.get('maxcapacity') ?? -2);
  // A tray of one sheet is the slot for hand feeding, one without capacity the automatic choice.
  if (!(capacity > 1)) return [];
  const level = levelOf(Number(fields.get('level') ?? -2), capacity);
  return [{ name: fields.get('name') ?? 'unnamed', level }];
}

/** Below 0 the printer does not know, or only that something is left (RFC 3805 prtInputCurrentLevel). */
function levelOf(level: number, capacity: number): SupplyLevel {
  if (!(level >= 0)) return 'unknown';
  if (level === 0) return 'out';
  return level * 10 <= capacity ? 'low' : 'full';
}
