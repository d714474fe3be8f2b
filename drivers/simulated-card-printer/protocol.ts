import { lineRequestSchema, type LineEvent, type LineRequest } from '../contract/line-words.ts';

export const CARD_PRINTER_DEVICE = 'cardPrinter';

export const cardPrinterRequestSchema = lineRequestSchema('cardPrinter');
export type CardPrinterRequest = LineRequest<'cardPrinter'>;
export type CardPrinterEvent = LineEvent<'cardPrinter'>;
