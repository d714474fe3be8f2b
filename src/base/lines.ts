import type { Readable } from 'node:stream';

/** More than any line that is worth reading; the rest of a longer one is dropped. */
export const MAX_LINE_CHARACTERS = 4_096;

/** Reads UTF-8 text by lines, and keeps no more of one than the limit, however long it goes on. */
export function eachLine(stream: Readable, onLine: (line: string) => void): void {
  let line = '';
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const [first = '', ...others] = text.split('\n');
    line += first.slice(0, MAX_LINE_CHARACTERS - line.length);
    for (const next of others) {
      onLine(line.replace(/\r$/, ''));
      line = next.slice(0, MAX_LINE_CHARACTERS);
    }
  });
  stream.on('end', () => {
    if (line !== '') onLine(line);
  });
}
