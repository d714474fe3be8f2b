/**
 * A program: a SIMULATED e-KTP and SAM in the two slots of a vpcd on this network, told over standard
 * input what the citizen does. JSON lines: `tap` and `untap` are answered with `done`, or with `failed` and
 * a reason. Ends with its input.
 */
import * as z from 'zod';
import { JsonLineDecoder } from '../../src/base/json-lines.ts';
import { Mutex } from '../../src/base/mutex.ts';
import { eKtpBiodataSchema } from '../contract/card-reader.ts';
import { SimulatedT0Card } from '../t0/simulated-card.ts';
import { SimulatedSam } from './simulated-sam.ts';
import { CARD_FAULTS, SimulatedEKtp } from './simulator.ts';
import { VpcdSlot } from './vpcd-slot.ts';

const CARD_PORT = 35_963;
const SAM_PORT = 35_964;

const requestSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('tap'),
    card: z.strictObject({
      uidHex: z.string().regex(/^([0-9A-Fa-f]{8}|[0-9A-Fa-f]{14}|[0-9A-Fa-f]{16})$/),
      biodata: eKtpBiodataSchema,
      /** A JPEG; without one the card holds a placeholder that shows nobody. */
      photoBase64: z.base64().optional(),
    }),
    fault: z.enum(CARD_FAULTS).nullable().default(null),
  }),
  z.strictObject({ type: z.literal('untap') }),
]);

const cardSlot = new VpcdSlot(CARD_PORT);
const samSlot = new VpcdSlot(SAM_PORT);
const sam = new SimulatedSam();
const samOnT0 = new SimulatedT0Card(sam);
const oneAtATime = new Mutex();
let card: SimulatedEKtp | null = null;

function reportViolations(): void {
  for (const violation of [...(card?.violations ?? []), ...sam.violations, ...samOnT0.violations]) {
    console.error(`unknown or untimely command to the simulated ${violation}`);
  }
  sam.violations.length = 0;
  samOnT0.violations.length = 0;
}

function reply(
  line: { readonly type: 'done' } | { readonly type: 'failed'; reason: string },
): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

async function obey(line: unknown): Promise<void> {
  const parsed = requestSchema.safeParse(line);
  if (!parsed.success) {
    reply({ type: 'failed', reason: z.prettifyError(parsed.error) });
    return;
  }
  const request = parsed.data;
  reportViolations();
  if (request.type === 'untap') {
    await cardSlot.remove();
    card = null;
  } else {
    const { photoBase64, ...identity } = request.card;
    card = new SimulatedEKtp({
      ...identity,
      fault: request.fault,
      ...(photoBase64 !== undefined && { photoJpeg: Buffer.from(photoBase64, 'base64') }),
    });
    await cardSlot.insert(card);
  }
  reply({ type: 'done' });
}

await samSlot.insert(samOnT0);
const decoder = new JsonLineDecoder();
process.stdin.on('data', (chunk: Buffer) => {
  const lines = decoder.push(chunk);
  if (!lines.ok) throw new Error(`standard input is not JSON lines: ${lines.error.kind}`);
  for (const line of lines.value) void oneAtATime.withLock(() => obey(line));
});
process.stdin.on('end', () => {
  reportViolations();
  process.exit(0);
});
