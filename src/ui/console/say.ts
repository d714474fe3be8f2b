import en from '../../../assets/strings/console-en.json' with { type: 'json' };
import id from '../../../assets/strings/console-id.json' with { type: 'json' };
import { sentencesOf, type KeysOf, type SayOf } from '../text/sentences.ts';

export type ConsoleTextKey = KeysOf<typeof id>;
export type ConsoleSay = SayOf<typeof id>;

/** The sentences of the consoles in one language. */
export const sayIn = sentencesOf({ id, en });

const has = <T extends object>(group: T, key: string): key is Extract<keyof T, string> =>
  Object.hasOwn(group, key);

/**
 * A fault code or reason in plain words. What follows a full stop in it is detail: some codes have words for
 * each, others only for all. A device's own word that nobody foresaw comes out as it is, as a code.
 */
export function faultWords(say: ConsoleSay, code: string): string {
  const [plain = '', ...details] = code.split('.');
  const detail = details.join('.');
  if (has(id.fault, plain)) {
    return say(`fault.${plain}` as ConsoleTextKey, { context: detail, detail });
  }
  // Where a device gave no reason, its state stands for one; so does the way in which a command ended.
  if (has(id.deviceState, plain)) return say(`deviceState.${plain}`);
  if (has(id.end, plain)) return say(`end.${plain}`);
  return `${say('device.unknownCode')}: ${code}`;
}

/** A command of a device in plain words, or its name where there are none. */
export const commandWords = (say: ConsoleSay, command: string): string =>
  has(id.command, command) ? say(`command.${command}`) : command;

/** How a command ended in plain words, or the word itself. */
export const endWords = (say: ConsoleSay, end: string): string =>
  has(id.end, end) ? say(`end.${end}`) : end;

/** Where a blank is, in plain words, or the word itself. */
export const blankStateWords = (say: ConsoleSay, state: string): string =>
  has(id.blankState, state) ? say(`blankState.${state}`) : state;

/** Why the record is broken, in a sentence, or the reason itself. */
export const breakWords = (say: ConsoleSay, reason: string): string =>
  has(id.verdict.reason, reason) ? say(`verdict.reason.${reason}`) : `${reason}.`;

/** What a journal event is in plain words, or its kind. */
export function eventWords(say: ConsoleSay, kind: string): string {
  const [area = '', name = ''] = kind.split('.');
  if (!has(id.event, area)) return kind;
  const group: Readonly<Record<string, string>> = id.event[area];
  return Object.hasOwn(group, name) ? say(`event.${area}.${name}` as ConsoleTextKey) : kind;
}
