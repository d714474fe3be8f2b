import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { err, ok, type Result } from '../../src/base/result.ts';
import { startStack, type Stack } from '../stack/stack.ts';
import { lastWords, type Part } from './part.ts';
import type { Screen } from './screens.ts';

/** A word that a POSIX shell takes as it is. */
const shellWord = (text: string): string =>
  /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** Where everything is that a person may use. */
function tell({ core, dataDir, panelUrl, frontUrl }: Stack, say: (line: string) => void): void {
  const { preview, console: consoleUrl, setupSecretFile } = core.endpoints;
  say('');
  say('This terminal prints SPESIMEN of people who cannot exist.');
  say(`  citizen's pages, preview:      ${preview ?? '-'}`);
  say(`  cabinet's control panel:       ${panelUrl}`);
  say(`  registry's front:              ${frontUrl}`);
  say(`  technician's page:             ${consoleUrl}/technician/index.html`);
  say(`  print log:                     ${consoleUrl}/staff/index.html`);
  if (setupSecretFile !== null) say(`  secret for the first account:  ${setupSecretFile}`);
  say(`  command line:                  scripts/anjungan --data ${shellWord(dataDir)} status`);
  say('');
  say(
    'To print: apply and approve at the registry, read the SMS there, then tap, scan or type here.',
  );
}

const partsOf = ({ core, cabinet, registry }: Stack): Part[] =>
  (
    [
      ['Core', core],
      ['The simulated cabinet', cabinet],
      ['The reference registry', registry],
    ] as const
  ).map(([name, { process }]) => ({ name, ended: process.gone, output: () => process.output }));

/**
 * Runs a specimen terminal until a person stops it (SIGINT, SIGTERM), and leaves nothing running. The error is
 * one line: why there is no window, or which program ended by itself. `kept` is the folder for everything;
 * without it a new one is made, and removed at the end.
 */
export async function runByHand(options: {
  readonly screen: Extract<Screen, { ready: true }> | null;
  readonly kept: string | undefined;
  readonly say: (line: string) => void;
}): Promise<Result<null, string>> {
  const { screen, kept, say } = options;
  const askedToStop = new Promise<null>((resolve) => {
    // However often: a second Ctrl+C would leave the folder, in which the keys of its PKI are.
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => resolve(null));
  });
  const ends: (() => Promise<void>)[] = [];
  /** null where the person would not wait for it: it is ended once it has started. */
  const started = <T>(starting: Promise<T>, end: (part: T) => Promise<void>): Promise<T | null> => {
    ends.push(() => starting.then(end, () => undefined));
    return Promise.race([starting, askedToStop]);
  };
  const dir =
    kept === undefined ? mkdtempSync(path.join(os.tmpdir(), 'anjungan-')) : path.resolve(kept);

  /** The program that ended by itself, the sentence why there is no window, or null: a person stopped it. */
  const untilOver = async (): Promise<Part | string | null> => {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    const starting = startStack({ dir, say: (line) => say(`start: ${line}`) });
    const stack = await started(starting, (all) => all.stop());
    if (stack === null) return null;
    tell(stack, say);
    const parts = partsOf(stack);
    if (screen !== null) {
      const shown = await started(screen.show(stack.core.endpoints, dir), async (one) => {
        if (one.ok) await one.value?.close();
      });
      if (shown === null) return null;
      if (!shown.ok) return shown.error;
      if (shown.value !== null) parts.push(shown.value);
    }
    return Promise.race([askedToStop, ...parts.map((part) => part.ended.then(() => part))]);
  };

  let over: Part | string | null;
  try {
    over = await untilOver();
  } finally {
    say('\nstopping');
    for (const end of ends.reverse()) await end();
    if (kept === undefined) rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
  }
  if (over === null) return ok(null);
  // Only now: what it wrote may come after its end.
  return err(typeof over === 'string' ? over : `${over.name} ended. ${lastWords(over.output())}`);
}
