import { createInterface } from 'node:readline';
import * as z from 'zod';

const given = z.strictObject({ id: z.number(), word: z.string(), args: z.array(z.unknown()) });

/**
 * The side of a device's own end: says that it is ready, and carries out what it is told on standard input, a line of
 * JSON each, answered by a line when it was done. A word that is none ends the program.
 */
export function obey(orders: Readonly<Record<string, (...args: never[]) => unknown>>): void {
  createInterface({ input: process.stdin }).on('line', (line) => {
    const { id, word, args } = given.parse(JSON.parse(line));
    const order = orders[word] as ((...args: unknown[]) => unknown) | undefined;
    if (order === undefined) throw new Error(`what is ${word}?`);
    void Promise.resolve(order(...args)).then((value = null) =>
      process.stdout.write(`${JSON.stringify({ id, value })}\n`),
    );
  });
  process.stdout.write('ready\n');
}
