import { createInterface } from 'node:readline/promises';
import { text } from 'node:stream/consumers';
import { err, ok, type Result } from '../base/result.ts';

export interface LoginOptions {
  /** Who signs in; asked for on a terminal where it is missing. */
  readonly name: string | null;
  /** The password is the first line of standard input. Never an argument: those are seen by every user. */
  readonly passwordStdin: boolean;
}

export interface Login {
  readonly name: string;
  readonly password: string;
  /** What stood below the password on standard input: a new one. */
  readonly secondLine: string | null;
}

/** Who signs in, and the password, from the terminal without echo or from standard input. */
export async function askLogin({
  name,
  passwordStdin,
}: LoginOptions): Promise<Result<Login, 'noTerminal' | 'noName'>> {
  if (passwordStdin) {
    if (name === null) return err('noName');
    const [password = '', secondLine = ''] = (await text(process.stdin)).split(/\r?\n/);
    return ok({ name, password, secondLine: secondLine === '' ? null : secondLine });
  }
  if (!process.stdin.isTTY) return err('noTerminal');
  const who = name ?? (await askLine('Name: '));
  return ok({ name: who, password: await askUnseen('Password: '), secondLine: null });
}

/** A word typed twice without echo; null: the two differ. */
export async function askTwice(question: string): Promise<string | null> {
  const word = await askUnseen(question);
  return (await askUnseen('Once more: ')) === word ? word : null;
}

/** One line from the terminal; questions go to standard error, so that answers can be piped on. */
export async function askLine(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const line = await lines.question(question);
  lines.close();
  return line.trim();
}

const ENTER = new Set(['\r', '\n', '\u0004']);
const ERASE = new Set(['\u007f', '\b']);
const INTERRUPT = '\u0003';

/** By listening, not by iterating: an iteration that ends closes standard input for the next question. */
async function askUnseen(question: string): Promise<string> {
  const { stdin, stderr } = process;
  // First: whoever types as soon as the question stands there must not be echoed.
  stdin.setRawMode(true);
  stderr.write(question);
  stdin.setEncoding('utf8');
  const typed: string[] = [];
  await new Promise<void>((resolve) => {
    const listen = (chunk: string): void => {
      for (const character of chunk) {
        if (character === INTERRUPT) process.exit(130);
        if (ENTER.has(character)) {
          stdin.off('data', listen);
          resolve();
          return;
        }
        if (ERASE.has(character)) typed.pop();
        else typed.push(character);
      }
    };
    stdin.on('data', listen);
    stdin.resume();
  });
  stdin.pause();
  stdin.setRawMode(false);
  stderr.write('\n');
  return typed.join('');
}
