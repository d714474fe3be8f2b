import { parseArgs } from 'node:util';
import { createPki } from '../src/registry/reference/pki.ts';

/** `node scripts/make-pki.ts --dir DIR [--terminal ID]…`: what is missing of the specimen PKI, made once. */
const { values } = parseArgs({
  options: {
    dir: { type: 'string' },
    terminal: { type: 'string', multiple: true, default: ['ADM-SPESIMEN-01'] },
  },
});
if (values.dir === undefined) {
  process.stderr.write('make-pki: --dir DIR is needed\n');
  process.exitCode = 2;
} else {
  const paths = await createPki(values.dir, values.terminal);
  process.stdout.write(`${JSON.stringify(paths, null, 2)}\n`);
}
