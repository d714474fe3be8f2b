import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';

/** `npm run bench -- NAME`: runs `NAME.ts` of this folder, which measures when it is loaded. */
const benches = readdirSync(import.meta.dirname)
  .filter((name) => existsSync(path.join(import.meta.dirname, name, 'main.ts')))
  .sort();
const [name] = process.argv.slice(2);
if (name === undefined || !benches.includes(name)) {
  process.stderr.write(`Name one of: ${benches.join(', ')}.\n`);
  process.exit(2);
}
await import(path.join(import.meta.dirname, name, 'main.ts'));
