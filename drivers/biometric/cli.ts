import { parseArgs } from 'node:util';
import { fingerPositionSchema } from '../contract/biometric.ts';
import { biometricFactory, biometricOptionsSchema } from './driver.ts';
import { simulatedBiometricFactory } from './simulated-biometric.ts';
import { simulatedReference } from './simulated-template.ts';

const USAGE = `Usage: node drivers/biometric/cli.ts --engine PROGRAM [--finger POSITION] [-- ARGUMENT...]
       node drivers/biometric/cli.ts --simulated SOCKET [--finger POSITION]
Shows that an engine works: what it says of itself, then one capture, compared with a reference of a finger
that nobody has. A real finger must come out as notMatched, or the engine as badReference.
  --engine PROGRAM     the engine, by its absolute path
  --simulated SOCKET   the simulated engine, whose fingers are laid down by that socket
  --finger POSITION    default rightIndex
Ends with 1 when nothing was decided.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    engine: { type: 'string' },
    simulated: { type: 'string' },
    finger: { type: 'string', default: 'rightIndex' },
    help: { type: 'boolean', default: false },
  },
});
const finger = fingerPositionSchema.safeParse(values.finger);
const { engine, simulated } = values;
if (values.help || !finger.success || (engine === undefined) === (simulated === undefined)) {
  console.log(USAGE);
  process.exit(values.help ? 0 : 64);
}

const say = (event: string, payload: unknown): void =>
  console.log(`${event}: ${JSON.stringify(payload)}`);
const driver =
  simulated === undefined
    ? biometricFactory.create(
        biometricOptionsSchema.parse({ program: engine, args: positionals }),
        say,
      )
    : simulatedBiometricFactory.create(
        { controlSocketPath: simulated, presentationAttackDetection: true },
        say,
      );
await driver.start();
say('capabilities', await driver.handlers.getCapabilities({}));
const answer = await driver.handlers.captureAndMatch({
  finger: finger.data,
  format: 'iso19794-2',
  referenceBase64: simulatedReference('nobody', finger.data, 'iso19794-2').toString('base64'),
  captureTimeoutMs: 15_000,
  falseMatchPerMillion: 100,
});
say('answer', answer);
await driver.stop();
process.exit(answer.ok ? 0 : 1);
