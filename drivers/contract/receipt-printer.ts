import * as z from 'zod';
import { command } from './command.ts';
import { commonStatusSchema, supplyLevelSchema } from './words.ts';

export const receiptPrinterCapabilitiesSchema = z.strictObject({
  /** Characters of a line at normal size. */
  columns: z.number().int().positive(),
  cutter: z.boolean(),
  /** Tells that the roll comes to its end before it has. */
  paperNearEnd: z.boolean(),
  coverSensor: z.boolean(),
  /** `deviceReported` where the printer says that all was printed; a line that only takes bytes gives `hostAccepted`. */
  completedMeans: z.enum(['deviceReported', 'hostAccepted']),
});
export type ReceiptPrinterCapabilities = z.infer<typeof receiptPrinterCapabilitiesSchema>;

export const receiptPrinterStatusSchema = z.strictObject({
  ...commonStatusSchema.shape,
  paper: supplyLevelSchema,
  cover: z.enum(['open', 'closed', 'unknown']),
});
export type ReceiptPrinterStatus = z.infer<typeof receiptPrinterStatusSchema>;

const alignment = z.enum(['left', 'center', 'right']);

/** One thing on a receipt, from the top down. */
export const receiptItemSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('text'),
    /** Printable ASCII; broken at spaces where it is longer than a line. */
    text: z.string().regex(/^[ -~]{0,200}$/),
    align: alignment.default('left'),
    emphasis: z.boolean().default(false),
    /** `double` is twice as wide and as high. */
    size: z.enum(['normal', 'double']).default('normal'),
  }),
  /** A line across the paper. */
  z.strictObject({ kind: z.literal('rule') }),
  z.strictObject({ kind: z.literal('feed'), lines: z.number().int().min(1).max(8) }),
  /** A QR code (ISO/IEC 18004), centred. */
  z.strictObject({ kind: z.literal('qr'), content: z.string().regex(/^[ -~]{1,300}$/) }),
]);
export type ReceiptItem = z.infer<typeof receiptItemSchema>;

/**
 * Errors: `paperOut`, `coverOpen`, `cutterJammed` (XFS4IoT Printer). Where one comes back before anything
 * was sent, nothing was printed; one that comes later may have left a part of the receipt hanging out,
 * which is plain paper.
 */
export const receiptPrinterCommands = {
  getStatus: command({
    effect: 'none',
    params: z.strictObject({}),
    result: receiptPrinterStatusSchema,
    errorCodes: [],
    timeoutMs: 5_000,
  }),
  getCapabilities: command({
    effect: 'none',
    params: z.strictObject({}),
    result: receiptPrinterCapabilitiesSchema,
    errorCodes: [],
    timeoutMs: 5_000,
  }),
  /** Prints, feeds and cuts, where there is a cutter. Completes when as much is known as `evidence` says. */
  printReceipt: command({
    effect: 'movesMedia',
    params: z.strictObject({ items: z.array(receiptItemSchema).min(1).max(60) }),
    result: z.strictObject({ evidence: z.enum(['deviceReported', 'hostAccepted']) }),
    errorCodes: ['paperOut', 'coverOpen', 'cutterJammed'],
    timeoutMs: 30_000,
  }),
} as const;

export const receiptPrinterEvents = {} as const;
