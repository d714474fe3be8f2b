import * as z from 'zod';
import type { CommonStatus, RequiredAction } from '../contract/words.ts';
import { mediaSizesSchema } from './media-size.ts';

/** Keywords come alone or as a set; a printer that has none says nothing. */
export const keywordsSchema = z
  .union([z.string(), z.array(z.string())])
  .optional()
  .transform((value) => (value === undefined ? [] : [value].flat()));

/** Where a printer says which language a text is in, the library puts that before it. */
export const textSchema = z.string().transform((text) => text.slice(text.indexOf('\u001e') + 1));

/** Integers come alone or as a set. */
const integersSchema = z
  .union([z.number().int(), z.array(z.number().int())])
  .optional()
  .transform((value) => (value === undefined ? [] : [value].flat()));

export const printerAttributesSchema = z.object({
  'printer-state': z.enum(['idle', 'processing', 'stopped']),
  'printer-state-reasons': keywordsSchema,
  'printer-is-accepting-jobs': z.boolean().optional(),
  'printer-input-tray': keywordsSchema,
  'printer-supply': keywordsSchema,
  'marker-levels': integersSchema,
  'marker-low-levels': integersSchema,
  'marker-types': keywordsSchema,
  'printer-make-and-model': textSchema.optional(),
  'printer-uuid': z.string().optional(),
  'document-format-supported': keywordsSchema,
  'media-size-supported': mediaSizesSchema,
  'media-source-supported': keywordsSchema,
  'ipp-features-supported': keywordsSchema,
  'print-scaling-supported': keywordsSchema,
  'cups-version': z.unknown().optional(),
  'printer-type': z.unknown().optional(),
  'device-uri': z.unknown().optional(),
  'printer-error-policy': z.string().optional(),
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
  ['connecting-to-device', { code: 'connectingToDevice', blocks: false, action: 'maintenance' }],
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
const IGNORED = [
  'none',
  'identify-printer-requested',
  'wifi-not-configured',
  // How CUPS says that its job is at the printer.
  'cups-waiting-for-job-completed',
];

/** `-error`, `-warning`, `-report`, or what some printers leave of them. */
export const withoutSuffix = (keyword: string): string =>
  keyword.replace(/-(error|warnin?g?|report)$/, '');

/** What the printer's own description says about it, in the contract's words. */
export function commonStatusOf(attributes: PrinterAttributes): CommonStatus {
  const reasons = reasonsOf(attributes);
  const blocking = reasons.find((reason) => reason.blocks);
  const worst = blocking ?? reasons[0];
  return {
    state: blocking === undefined ? 'online' : 'hardwareError',
    reasons: reasons.map((reason) => reason.code),
    requiredAction: worst?.action ?? 'none',
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
