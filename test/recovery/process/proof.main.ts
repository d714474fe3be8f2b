import { allActs } from './acts.ts';
import { givenCommands } from './order.ts';
import { recordAndProve } from './proof.ts';

const [stride = '1'] = process.argv.slice(2);
const { proof, replayed } = await recordAndProve({ acts: allActs, stride: Number(stride) });
const { commands, unannounced } = proof;
const violations = [
  ...unannounced.map((name) => `${name} before its intent was flushed`),
  ...[...givenCommands].filter((name) => !commands.includes(name)).map((n) => `${n} never given`),
  ...replayed.violations,
];
const say = (line: string): void => void process.stdout.write(`${line}\n`);
for (const one of violations) say(`VIOLATION ${one}`);
const announced = commands.length - unannounced.length;
const kinds = new Set(commands).size;
say(`${announced} of ${commands.length} movements followed a flushed intent`);
say(`${kinds} of ${givenCommands.size} kinds of movement were traced`);
say(`${replayed.images} disks, ${violations.length} violations`);
process.exitCode = violations.length === 0 ? 0 : 1;
