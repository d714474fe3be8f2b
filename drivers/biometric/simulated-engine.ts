/** The simulated engine as a program: the protocol on standard input and output, its fingers by a socket. */
import { rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { systemClock } from '../../src/base/clock.ts';
import { attachJsonLines } from '../../src/base/json-lines.ts';
import { fingerPositionSchema } from '../contract/biometric.ts';
import { SimulatedEngine } from './simulator.ts';

const handSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('put'),
    person: z.string().max(80),
    finger: fingerPositionSchema,
    quality: z.int().min(0).max(100).default(80),
    isArtefact: z.boolean().default(false),
  }),
  z.strictObject({ type: z.literal('lift') }),
  z.strictObject({ type: z.literal('sensor'), sensor: z.enum(['ready', 'absent', 'broken']) }),
  z.strictObject({
    type: z.literal('fault'),
    fault: z.enum(['silence', 'garbage', 'crash', 'otherCapture', 'weakerDecision']),
  }),
]);

const { values } = parseArgs({
  options: {
    control: { type: 'string' },
    'attack-detection': { type: 'boolean', default: false },
  },
});
if (values.control === undefined) process.exit(64);

const engine = new SimulatedEngine({
  clock: systemClock,
  presentationAttackDetection: values['attack-detection'],
  write: (line) => void process.stdout.write(`${line}\n`),
  die: () => process.exit(70),
});

/** Each line is one act of a hand, and answered once it is done; what is no act ends that hand's line. */
function serve(socket: Socket): void {
  const write = attachJsonLines(socket, {
    onFrame: (frame) => {
      const hand = handSchema.safeParse(frame);
      if (!hand.success) {
        socket.destroy();
        return;
      }
      act(hand.data);
      write({ type: 'done' });
    },
    onClose: () => undefined,
  });
}

function act(hand: z.infer<typeof handSchema>): void {
  switch (hand.type) {
    case 'put':
      engine.put(hand);
      return;
    case 'lift':
      engine.lift();
      return;
    case 'sensor':
      engine.setSensor(hand.sensor);
      return;
    case 'fault':
      engine.arm(hand.fault);
  }
}

// The one of an engine that was killed lies there still.
rmSync(values.control, { force: true });
createServer(serve).listen(values.control, () => engine.start());
createInterface({ input: process.stdin })
  .on('line', (line) => engine.receive(line))
  .on('close', () => process.exit(0));
