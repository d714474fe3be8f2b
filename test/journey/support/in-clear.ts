import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Stack } from '../../../scripts/stack/stack.ts';

/** Monotonic milliseconds of a young process have as many digits as a PIN. */
const CLOCKS = /"(mono|elapsedMs)":\d+/g;

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}

/** Every secret that stands readable in the data folder or in core's log, with the file it is in. */
export function foundInClear(
  { dataDir, coreLogFile }: Pick<Stack, 'dataDir' | 'coreLogFile'>,
  secrets: ReadonlySet<string>,
): string[] {
  return [...filesUnder(dataDir), coreLogFile].flatMap((file) => {
    const text = readFileSync(file, 'latin1').replaceAll(CLOCKS, '');
    return [...secrets]
      .filter((secret) =>
        /^\d+$/.test(secret)
          ? new RegExp(`(?<!\\d)${secret}(?!\\d)`).test(text)
          : text.toUpperCase().includes(secret.toUpperCase()),
      )
      .map((secret) => `${secret} in ${path.basename(file)}`);
  });
}
