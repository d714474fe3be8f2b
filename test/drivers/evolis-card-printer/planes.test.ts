import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { blackPlane, colourPlanes } from '../../../drivers/evolis-card-printer/planes.ts';

const WIDTH = 1012;
const HEIGHT = 638;

type Rgb = readonly [number, number, number];
const WHITE: Rgb = [255, 255, 255];

function picture(dots: readonly { readonly x: number; readonly y: number; readonly rgb: Rgb }[]) {
  const rgb = new Uint8Array(WIDTH * HEIGHT * 3).fill(WHITE[0]);
  for (const { x, y, rgb: colour } of dots) rgb.set(colour, (y * WIDTH + x) * 3);
  return rgb;
}

/** As the guide puts it, the slow way: line after line, dot after dot, bits joined with no spare ones. */
function levelAt(plane: Uint8Array, line: number, dot: number, bits: number): number {
  const first = (line * 648 + dot) * bits;
  let level = 0;
  for (let bit = first; bit < first + bits; bit += 1) {
    level = level * 2 + (((plane[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1);
  }
  return level;
}

const sum = (plane: Uint8Array): number => plane.reduce((all, byte) => all + byte, 0);

describe('the planes of a side', () => {
  it('have the sizes of the guide', () => {
    const { y, m, c, k } = colourPlanes(picture([]));
    expect([y.length, m.length, c.length, k.length]).toEqual([411_480, 411_480, 411_480, 82_296]);
    expect(blackPlane(picture([]))).toHaveLength(82_296);
  });

  it('are empty where the picture is white', () => {
    const { y, m, c, k } = colourPlanes(picture([]));
    expect([y, m, c, k, blackPlane(picture([]))].map(sum)).toEqual([0, 0, 0, 0, 0]);
  });

  it('run from the bottom left corner up, then to the right, with the rim left white', () => {
    const corners = [
      { x: 0, y: HEIGHT - 1, line: 2, dot: 5 },
      { x: 0, y: 0, line: 2, dot: 642 },
      { x: WIDTH - 1, y: HEIGHT - 1, line: 1013, dot: 5 },
      { x: WIDTH - 1, y: 0, line: 1013, dot: 642 },
    ];
    for (const { x, y, line, dot } of corners) {
      const plane = blackPlane(picture([{ x, y, rgb: [0, 0, 0] }]));
      expect(levelAt(plane, line, dot, 1)).toBe(1);
      expect(plane.reduce((count, byte) => count + (byte === 0 ? 0 : 1), 0)).toBe(1);
    }
  });

  it('hold each dye in 32 levels at the place of its dot, whatever the colour', () => {
    const channel = fc.integer({ min: 0, max: 255 });
    const dot = fc.record({
      x: fc.integer({ min: 0, max: WIDTH - 1 }),
      y: fc.integer({ min: 0, max: HEIGHT - 1 }),
      rgb: fc.tuple(channel, channel, channel),
    });
    fc.assert(
      fc.property(dot, ({ x, y, rgb }) => {
        const planes = colourPlanes(picture([{ x, y, rgb }]));
        const at = (plane: Uint8Array, bits: number) => levelAt(plane, x + 2, 642 - y, bits);
        const isBlack = rgb.every((one) => one <= 32);
        const dyes = rgb.map((one) => (isBlack ? 0 : (255 - one) >> 3));
        expect([at(planes.c, 5), at(planes.m, 5), at(planes.y, 5)]).toEqual(dyes);
        expect(at(planes.k, 1)).toBe(isBlack ? 1 : 0);
        const [c = 0, m = 0, y5 = 0] = dyes;
        const others = [planes.c, planes.m, planes.y].map((plane) => plane.filter((b) => b !== 0));
        expect(others.map((bytes) => bytes.length <= 2)).toEqual([true, true, true]);
        expect([c === 0, m === 0, y5 === 0]).toEqual(others.map((bytes) => bytes.length === 0));
      }),
      { numRuns: 25 },
    );
  });

  it('print black on the back where a colour is darker than half', () => {
    const grey = (level: number): Rgb => [level, level, level];
    const plane = blackPlane(
      picture([
        { x: 10, y: 10, rgb: grey(127) },
        { x: 20, y: 10, rgb: grey(128) },
      ]),
    );
    expect([levelAt(plane, 12, 632, 1), levelAt(plane, 22, 632, 1)]).toEqual([1, 0]);
  });
});
