import * as z from 'zod';
import { mediaPositionSchema } from '../../../drivers/contract/words.ts';
import { attemptStateSchema, evidenceSchema, outcomeSchema } from '../../domain/attempt.ts';
import type { Timeline } from '../../rpc/console.ts';
import {
  blankStateWords,
  commandWords,
  endWords,
  faultWords,
  type ConsoleSay,
} from '../console/say.ts';
import { span } from '../console/times.ts';
import type { Language } from '../../rpc/citizen-view.ts';

const count = z.number().int();
const countersSchema = z
  .object({
    fed: count,
    printedSides: count,
    presented: count,
    taken: count,
    rejected: count,
    retracted: count,
  })
  .partial();
const sensorsSchema = z.object({
  media: mediaPositionSchema.optional(),
  presented: z.enum(['presented', 'notPresented', 'unknown']).optional(),
  rejectBin: z.enum(['ok', 'full', 'removed', 'unknown']).optional(),
  counters: countersSchema.nullish(),
});
const commandSchema = z.object({ device: z.string(), command: z.string() });
const answerSchema = z.object({
  end: z.string(),
  errorCode: z.string().optional(),
  elapsedMs: z.number(),
});

/** What a timeline can say of a row in words; a member that is not of its form is left to the raw data. */
const known = {
  from: attemptStateSchema.nullable(),
  to: attemptStateSchema,
  outcome: outcomeSchema,
  evidence: evidenceSchema,
  faultCode: z.string(),
  sensors: sensorsSchema,
  command: commandSchema,
  answer: answerSchema,
} as const;

const member = <K extends keyof typeof known>(
  data: Timeline['rows'][number]['data'],
  key: K,
): z.infer<(typeof known)[K]> | undefined =>
  known[key].safeParse(data[key]).data as z.infer<(typeof known)[K]> | undefined;

/** One row of the journal in words. */
export interface RowWords {
  readonly from: string | null;
  readonly to: string | null;
  /** What else the event says: outcome, evidence, fault. */
  readonly notes: readonly string[];
  readonly device: string | null;
  /** The command that the row announces. */
  readonly command: string | null;
  /** How the one announced before ended. */
  readonly answer: string | null;
  /** How long that one took. */
  readonly took: string | null;
  readonly sensors: readonly string[];
}

export function rowWords(
  say: ConsoleSay,
  language: Language,
  { kind, data }: Timeline['rows'][number],
): RowWords {
  const { device, command } = member(data, 'command') ?? { device: null, command: null };
  const answer = member(data, 'answer');
  const outcome = member(data, 'outcome');
  const evidence = member(data, 'evidence');
  const faultCode = member(data, 'faultCode');
  const { from, to } = kind === 'blank.moved' ? blankMove(say, data) : stateMove(say, data);
  return {
    from,
    to,
    notes: [
      ...(outcome === undefined
        ? []
        : [`${say('printLog.outcome')}: ${say(`outcome.${outcome}`)}`]),
      ...(evidence === undefined
        ? []
        : [`${say('printLog.evidence')}: ${say(`evidence.${evidence}`)}`]),
      ...(faultCode === undefined
        ? []
        : [`${say('printLog.fault')}: ${faultWords(say, faultCode)}`]),
    ],
    device,
    command: command === null ? null : commandWords(say, command),
    answer: answer === undefined ? null : answerWords(say, answer),
    took:
      answer === undefined ? null : say('attempt.took', { time: span(language, answer.elapsedMs) }),
    sensors: sensorWords(say, member(data, 'sensors')),
  };
}

function stateMove(say: ConsoleSay, data: Timeline['rows'][number]['data']) {
  const from = member(data, 'from') ?? null;
  const to = member(data, 'to');
  return {
    from: from === null ? null : say(`attemptState.${from}`),
    to: to === undefined ? null : say(`attemptState.${to}`),
  };
}

function blankMove(say: ConsoleSay, data: Timeline['rows'][number]['data']) {
  const words = (value: unknown): string | null =>
    typeof value === 'string' ? blankStateWords(say, value) : null;
  return { from: words(data['from']), to: words(data['to']) };
}

function answerWords(say: ConsoleSay, { end, errorCode }: z.infer<typeof answerSchema>): string {
  const why = errorCode === undefined ? '' : `: ${faultWords(say, errorCode)}`;
  return `${endWords(say, end)}${why}`;
}

function sensorWords(
  say: ConsoleSay,
  sensors: z.infer<typeof sensorsSchema> | undefined,
): readonly string[] {
  if (sensors === undefined) return [];
  const { media, presented, rejectBin, counters } = sensors;
  return [
    ...(media === undefined ? [] : [say(`sensor.media.${media}`)]),
    ...(presented === undefined ? [] : [say(`sensor.presented.${presented}`)]),
    ...(rejectBin === undefined ? [] : [say(`sensor.rejectBin.${rejectBin}`)]),
    ...(counters === undefined || counters === null
      ? []
      : [say('sensor.counters', { counts: counterWords(say, counters) })]),
  ];
}

const counterWords = (say: ConsoleSay, counters: z.infer<typeof countersSchema>): string =>
  countersSchema
    .keyof()
    .options.flatMap((name) => {
      const n = counters[name];
      return n === undefined ? [] : [say(`sensor.counter.${name}`, { n })];
    })
    .join(', ');
