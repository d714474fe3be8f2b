import * as z from 'zod';
import type { PagePrinterStatus } from '../contract/page-printer.ts';
import type { RequiredAction, SupplyLevel } from '../contract/words.ts';

/** Keywords come alone or as a set; a printer that has none says nothing. */
export const keywordsSchema = z
  .union([z.string(), z.array(z.string())])
  .optional()
  .transform((value) => (value === undefined ? [] : [value].flat()));

export const printerAttributesSchema = z.object({
  'printer-state': z.enum(['idle', 'processing', 'stopped']),
  'printer-state-reasons': keywordsSchema,
  'printer-is-accepting-jobs': z.boolean().optional(),
  'printer-input-tray': keywordsSchema,
  'printer-supply': keywordsSchema,
  'print-scaling-supported': keywordsSchema,
});
export type PrinterAttributes = z.infer<typeof printerAttributesSchema>;

interface Reason {
  readonly code: string;
  /** Nothing prints while it lasts. */
  readonly blocks: boolean;
  readonly action: RequiredAction;
}

/**
 * RFC 8011 §5.4.12 and PWG 5100.9 keywords by prefix, worst first: the suffix changes with the state,
 * and some printers cut it short. A longer keyword stands before one that it begins with.
 */
const REASONS: readonly (readonly [prefix: string, Reason])[] = [
  ['media-jam', { code: 'mediaJam', blocks: true, action: 'clear' }],
  ['cover-open', { code: 'coverOpen', blocks: true, action: 'clear' }],
  ['door-open', { code: 'coverOpen', blocks: true, action: 'clear' }],
  ['interlock-open', { code: 'coverOpen', blocks: true, action: 'clear' }],
  ['output-area-full', { code: 'outputAreaFull', blocks: true, action: 'clear' }],
  ['output-tray-missing', { code: 'outputTrayMissing', blocks: true, action: 'clear' }],
  ['input-tray-missing', { code: 'inputTrayMissing', blocks: true, action: 'maintenance' }],
  ['media-empty', { code: 'mediaEmpty', blocks: true, action: 'maintenance' }],
  ['media-needed', { code: 'mediaNeeded', blocks: true, action: 'maintenance' }],
  ['toner-empty', { code: 'tonerEmpty', blocks: true, action: 'maintenance' }],
  ['marker-supply-empty', { code: 'tonerEmpty', blocks: true, action: 'maintenance' }],
  ['marker-waste-almost-full', { code: 'wasteAlmostFull', blocks: false, action: 'maintenance' }],
  ['marker-waste-full', { code: 'wasteFull', blocks: true, action: 'maintenance' }],
  ['developer-empty', { code: 'developerEmpty', blocks: true, action: 'maintenance' }],
  ['opc-life-over', { code: 'drumWornOut', blocks: true, action: 'maintenance' }],
  ['fuser-over-temp', { code: 'fuserTooHot', blocks: true, action: 'maintenance' }],
  ['fuser-under-temp', { code: 'fuserTooCold', blocks: true, action: 'none' }],
  ['paused', { code: 'paused', blocks: true, action: 'reset' }],
  ['moving-to-paused', { code: 'paused', blocks: true, action: 'reset' }],
  ['shutdown', { code: 'shutDown', blocks: true, action: 'reset' }],
  ['spool-area-full', { code: 'memoryFull', blocks: true, action: 'reset' }],
  ['media-low', { code: 'mediaLow', blocks: false, action: 'maintenance' }],
  ['toner-low', { code: 'tonerLow', blocks: false, action: 'maintenance' }],
  ['marker-supply-low', { code: 'tonerLow', blocks: false, action: 'maintenance' }],
  ['output-area-almost-full', { code: 'outputAreaAlmostFull', blocks: false, action: 'clear' }],
];

/** Said, but no fault of the printer. */
const IGNORED = ['none', 'identify-printer-requested', 'wifi-not-configured'];

/** `-error`, `-warning`, `-report`, or what some printers leave of them. */
export const withoutSuffix = (keyword: string): string =>
  keyword.replace(/-(error|warnin?g?|report)$/, '');

/** What the printer's own description says about it, in the contract's words. */
export function statusOfPrinter(attributes: PrinterAttributes): PagePrinterStatus {
  const reasons = reasonsOf(attributes);
  const blocking = reasons.find((reason) => reason.blocks);
  const worst = blocking ?? reasons[0];
  return {
    state: blocking === undefined ? 'online' : 'hardwareError',
    reasons: reasons.map((reason) => reason.code),
    requiredAction: worst?.action ?? 'none',
    trays: attributes['printer-input-tray'].flatMap((text) => trayOf(text)),
    toner: tonerOf(attributes, reasons),
  };
}

function reasonsOf(attributes: PrinterAttributes): Reason[] {
  const keywords = attributes['printer-state-reasons'].filter(
    (keyword) => !IGNORED.includes(withoutSuffix(keyword)),
  );
  const rankOf = (keyword: string): number => {
    const rank = REASONS.findIndex(([prefix]) => keyword.startsWith(prefix));
    return rank === -1 ? REASONS.length : rank;
  };
  const found = keywords
    .sort((a, b) => rankOf(a) - rankOf(b))
    .map((keyword) => REASONS[rankOf(keyword)]?.[1] ?? unknownReason(keyword));
  if (attributes['printer-state'] === 'stopped' && !found.some((reason) => reason.blocks)) {
    found.unshift({ code: 'stopped', blocks: true, action: 'reset' });
  }
  if (attributes['printer-is-accepting-jobs'] === false) {
    found.push({ code: 'notAcceptingJobs', blocks: true, action: 'reset' });
  }
  return [...new Map(found.map((reason) => [reason.code, reason])).values()];
}

/** A keyword that we do not know stops printing only where the printer calls it an error. */
function unknownReason(keyword: string): Reason {
  const code = withoutSuffix(keyword).replace(/[^A-Za-z0-9]+(.)?/g, (_, next: string | undefined) =>
    (next ?? '').toUpperCase(),
  );
  const blocks = keyword.endsWith('-error');
  return { code: code.slice(0, 80), blocks, action: blocks ? 'maintenance' : 'none' };
}

/** `key=value;…` of printer-input-tray and printer-supply (PWG 5100.13 §5.6). */
function fieldsOf(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split(';').flatMap((field) => {
      const at = field.indexOf('=');
      return at === -1 ? [] : [[field.slice(0, at), field.slice(at + 1)] as const];
    }),
  );
}

function trayOf(text: string): { name: string; level: SupplyLevel }[] {
  const fields = fieldsOf(text);
  const capacity = Number(fields.get('maxcapacity') ?? -2);
  // A tray of one sheet is the slot for hand feeding, one without capacity the automatic choice.
  if (!(capacity > 1)) return [];
  const level = levelOf(Number(fields.get('level') ?? -2), capacity);
  return [{ name: fields.get('name') ?? 'unnamed', level }];
}

function tonerOf(attributes: PrinterAttributes, reasons: readonly Reason[]): SupplyLevel {
  if (reasons.some((reason) => reason.code === 'tonerEmpty')) return 'out';
  if (reasons.some((reason) => reason.code === 'tonerLow')) return 'low';
  const levels = attributes['printer-supply']
    .map(fieldsOf)
    .filter((fields) => fields.get('class') === 'supplyThatIsConsumed')
    .map((fields) =>
      levelOf(Number(fields.get('level') ?? -2), Number(fields.get('maxcapacity') ?? 100)),
    );
  const worstFirst: readonly SupplyLevel[] = ['out', 'low', 'unknown', 'full'];
  return worstFirst.find((level) => levels.includes(level)) ?? 'unknown';
}

/** Below 0 the printer does not know, or only that something is left (RFC 3805 prtInputCurrentLevel). */
function levelOf(level: number, capacity: number): SupplyLevel {
  if (!(level >= 0)) return 'unknown';
  if (level === 0) return 'out';
  return level * 10 <= capacity ? 'low' : 'full';
}
