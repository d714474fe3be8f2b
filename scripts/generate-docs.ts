import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { docGenerators } from './docs/generators.ts';

const root = join(import.meta.dirname, '..');
for (const { path, render } of docGenerators) {
  writeFileSync(join(root, path), await render());
  console.log(path);
}
