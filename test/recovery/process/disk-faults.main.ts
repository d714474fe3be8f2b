import { parseArgs } from 'node:util';
import { endCore, faultAt, faultScenarios } from './disk-faults.ts';
import { ShimControl, type Blow, type CallClass } from './shim.ts';

// Runs under the shim, which only a new process can carry. Says one JSON line a scenario and fault.
process.on('unhandledRejection', endCore);
const { values } = parseArgs({
  options: {
    'write-stride': { type: 'string', default: '1' },
    'sync-stride': { type: 'string', default: '1' },
  },
});
const strides = { sync: Number(values['sync-stride']), write: Number(values['write-stride']) };
const shim = new ShimControl(process.env['ANJ_CONTROL'] ?? '');

const blows: readonly Blow[] = [
  { kind: 'failOnce', error: 'EIO' },
  { kind: 'failOn', error: 'ENOSPC' },
];
const classes = ['sync', 'write'] as const satisfies readonly CallClass[];

for (const [name, scenario] of Object.entries(faultScenarios)) {
  for (const blow of blows) {
    for (const callClass of classes) {
      let points = 0;
      let refused = 0;
      const violations: string[] = [];
      for (let k = 1; ; k += strides[callClass]) {
        const run = await faultAt(shim, scenario, { callClass, k, blow });
        if (!run.struck) break;
        points += 1;
        if (run.refused) refused += 1;
        const where = `${name}, ${JSON.stringify(blow)} at ${callClass} ${k}`;
        violations.push(...run.violations.map((text) => `${where}: ${text}`));
      }
      process.stdout.write(
        `${JSON.stringify({ name, blow, callClass, points, refused, violations })}\n`,
      );
    }
  }
}
