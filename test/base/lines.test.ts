import { PassThrough } from 'node:stream';
import { expect, it } from '@jest/globals';
import { eachLine, MAX_LINE_CHARACTERS } from '../../src/base/lines.ts';

async function linesOf(...chunks: readonly string[]): Promise<string[]> {
  const stream = new PassThrough();
  const lines: string[] = [];
  eachLine(stream, (line) => lines.push(line));
  for (const chunk of chunks) stream.write(chunk);
  stream.end();
  await new Promise((resolve) => stream.on('close', resolve));
  return lines;
}

it('gives each line, wherever the chunks part, the last one too', async () => {
  const lines = await linesOf('libusb: ', 'warning\r\nsec', 'ond\n\nlast');
  expect(lines).toEqual(['libusb: warning', 'second', '', 'last']);
});

it('keeps the beginning of a line that does not end, and goes on with the next', async () => {
  const much = 'x'.repeat(100_000);
  const [first, ...others] = await linesOf(much, much, `${much}\nnext\n`);
  expect(first).toHaveLength(MAX_LINE_CHARACTERS);
  expect(others).toEqual(['next']);
});
