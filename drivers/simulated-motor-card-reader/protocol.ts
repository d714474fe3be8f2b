import { lineRequestSchema, type LineEvent, type LineRequest } from '../contract/line-words.ts';

export const MOTOR_READER_DEVICE = 'motorCardReader';

export const motorReaderRequestSchema = lineRequestSchema('cardReader');
export type MotorReaderRequest = LineRequest<'cardReader'>;
export type MotorReaderEvent = LineEvent<'cardReader'>;
