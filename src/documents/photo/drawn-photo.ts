import { createHash } from 'node:crypto';
import { createCanvas, type SKRSContext2D } from '../../base/canvas.ts';

const WIDTH = 400;
const HEIGHT = 528;

const skins = ['#f1c7a3', '#dfa77b', '#c68a5e', '#a56b43', '#8a5636'];
const hairs = ['#1d1a19', '#2f2522', '#4a3429', '#6b6b6b'];
const clothes = ['#2f4858', '#5b4b8a', '#2d6a4f', '#7f5539', '#3d405b', '#e0e0e0'];

/** Red for an odd year of birth, blue for an even one, as on a KTP-el photo. */
export const photoBackground = (birthYear: number): string =>
  birthYear % 2 === 1 ? '#c62828' : '#1565c0';

/**
 * A flat figure of circles and curves as a JPEG of 400 × 528: plainly a drawing, nobody's face. The same
 * seed and year give the same bytes.
 */
export function drawnPhoto(subject: {
  readonly seed: string;
  readonly birthYear: number;
}): Uint8Array {
  const draws = createHash('sha256').update(subject.seed).digest();
  const pick = (at: number, choices: readonly string[]): string =>
    choices[(draws[at] ?? 0) % choices.length] ?? '#000000';
  const share = (at: number): number => (draws[at] ?? 0) / 255;
  const canvas = createCanvas(WIDTH, HEIGHT);
  const context = canvas.getContext('2d');
  context.fillStyle = photoBackground(subject.birthYear);
  context.fillRect(0, 0, WIDTH, HEIGHT);

  const skin = pick(0, skins);
  const hair = pick(1, hairs);
  const faceWidth = 84 + 14 * share(2);
  const faceHeight = 112 + 12 * share(3);
  const covered = share(4) < 0.35;
  const longHair = share(5) < 0.4;

  if (covered) ellipse(context, 200, 262, faceWidth + 44, faceHeight + 50, pick(7, clothes));
  else if (longHair) ellipse(context, 200, 290, faceWidth + 30, faceHeight + 66, hair);
  else ellipse(context, 200, 216, faceWidth + 14, faceHeight + 6, hair);
  shoulders(context, pick(6, clothes));
  context.fillStyle = skin;
  context.fillRect(168, 330, 64, 70);
  if (covered) ellipse(context, 200, 380, 96, 54, pick(7, clothes));
  ellipse(context, 200, 252, faceWidth, faceHeight, skin);
  if (!covered) fringe(context, hair, faceWidth, faceHeight, share(8));

  const eyeGap = 34 + 8 * share(9);
  for (const side of [-1, 1]) {
    ellipse(context, 200 + side * eyeGap, 248, 8, 8, '#1b1b1b');
    stroke(context, [200 + side * eyeGap - 17, 226, 200 + side * eyeGap + 17, 226], 6, hair);
  }
  stroke(context, [200, 262, 200 - 6, 288], 5, shade(skin));
  mouth(context, 10 + 14 * share(10));
  return new Uint8Array(canvas.toBuffer('image/jpeg', 88));
}

function ellipse(
  context: SKRSContext2D,
  x: number,
  y: number,
  radiusX: number,
  radiusY: number,
  colour: string,
): void {
  context.fillStyle = colour;
  context.beginPath();
  context.ellipse(x, y, radiusX, radiusY, 0, 0, 2 * Math.PI);
  context.fill();
}

function shoulders(context: SKRSContext2D, colour: string): void {
  context.fillStyle = colour;
  context.beginPath();
  context.moveTo(30, HEIGHT);
  context.bezierCurveTo(40, 420, 110, 400, 200, 396);
  context.bezierCurveTo(290, 400, 360, 420, 370, HEIGHT);
  context.closePath();
  context.fill();
}

function fringe(
  context: SKRSContext2D,
  colour: string,
  faceWidth: number,
  faceHeight: number,
  parting: number,
): void {
  const top = 252 - faceHeight - 10;
  context.fillStyle = colour;
  context.beginPath();
  context.moveTo(200 - faceWidth - 6, 232);
  context.quadraticCurveTo(200 - faceWidth, top, 200, top);
  context.quadraticCurveTo(200 + faceWidth, top, 200 + faceWidth + 6, 232);
  context.quadraticCurveTo(200 + 60 * (parting - 0.5), 150, 200 - faceWidth - 6, 232);
  context.fill();
}

function mouth(context: SKRSContext2D, bend: number): void {
  context.strokeStyle = '#7d2f2f';
  context.lineWidth = 6;
  context.lineCap = 'round';
  context.beginPath();
  context.moveTo(172, 312);
  context.quadraticCurveTo(200, 312 + bend, 228, 312);
  context.stroke();
}

function stroke(
  context: SKRSContext2D,
  [x1, y1, x2, y2]: readonly [number, number, number, number],
  width: number,
  colour: string,
): void {
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.lineCap = 'round';
  context.beginPath();
  context.moveTo(x1, y1);
  context.lineTo(x2, y2);
  context.stroke();
}

/** The same colour, a fifth darker. */
function shade(colour: string): string {
  const value = Number.parseInt(colour.slice(1), 16);
  const darker = [16, 8, 0].map((shift) => Math.round(((value >> shift) & 255) * 0.8));
  return `rgb(${darker.join(',')})`;
}
