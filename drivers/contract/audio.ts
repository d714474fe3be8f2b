import * as z from 'zod';
import { command } from './command.ts';
import { commonStatusSchema } from './words.ts';

export const audioOutputSchema = z.enum(['loudspeaker', 'headset']);
export type AudioOutput = z.infer<typeof audioOutputSchema>;

export const spokenLanguageSchema = z.enum(['id', 'en']);
export type SpokenLanguage = z.infer<typeof spokenLanguageSchema>;

export const audioCapabilitiesSchema = z.strictObject({
  outputs: z.array(audioOutputSchema),
  languages: z.array(spokenLanguageSchema),
});
export type AudioCapabilities = z.infer<typeof audioCapabilitiesSchema>;

export const audioStatusSchema = z.strictObject({
  ...commonStatusSchema.shape,
  speaking: z.boolean(),
});
export type AudioStatus = z.infer<typeof audioStatusSchema>;

/** The longest text of one `speak`. */
export const MAX_SPOKEN_CHARACTERS = 2_000;

/**
 * `speak` completes when the voice has begun, and cuts off what was being said; `speechEnded` follows.
 * `notFitted`: this terminal has no such output or no voice of that language; nothing sounds. What goes to the
 * headset never sounds from the loudspeaker: it may be what only one person is to hear.
 */
export const audioCommands = {
  getStatus: command({
    effect: 'none',
    params: z.strictObject({}),
    result: audioStatusSchema,
    errorCodes: [],
    timeoutMs: 5_000,
  }),
  getCapabilities: command({
    effect: 'none',
    params: z.strictObject({}),
    result: audioCapabilitiesSchema,
    errorCodes: [],
    timeoutMs: 5_000,
  }),
  speak: command({
    effect: 'none',
    params: z.strictObject({
      utteranceId: z.string().max(64),
      text: z.string().min(1).max(MAX_SPOKEN_CHARACTERS),
      language: spokenLanguageSchema,
      output: audioOutputSchema,
      /** 100 is the level for which the terminal was set up. */
      volumePercent: z.number().int().min(0).max(200),
      /** Words a minute. */
      wordsPerMinute: z.number().int().min(80).max(350),
    }),
    result: z.strictObject({}),
    errorCodes: ['notFitted'],
    timeoutMs: 5_000,
  }),
  /** Completes when nothing sounds any more. Silencing silence is no error. */
  silence: command({
    effect: 'none',
    params: z.strictObject({}),
    result: z.strictObject({}),
    errorCodes: [],
    timeoutMs: 5_000,
  }),
} as const;

export const audioEvents = {
  /** Exactly once for each `speak` that completed. */
  speechEnded: z.strictObject({
    utteranceId: z.string(),
    how: z.enum(['spoken', 'cutOff', 'failed']),
  }),
} as const;
