import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { calls } from '../registry-cut/conversation.ts';

/** A part of the whole run that is a program of its own; its last line counts what it tried and found. */
export interface Part {
  readonly name: string;
  /** What its points are, in the words of the summary. */
  readonly points: 'real' | 'inProcess' | 'disks' | 'other';
  readonly entry: string;
  readonly args: readonly string[];
}

export interface PartRun {
  readonly tried: number;
  readonly violations: number;
}

const here = import.meta.dirname;
const counted = /^(\d+) [a-z ]+, (\d+) violations/;

/** The calls with the most bytes each in a program of its own, so that several lanes share them. */
const cutsOf = (short: boolean): Part[] => {
  const names = calls.map(([name]) => name);
  const apart = ['readHeads', 'verify', 'printMaterial'] as const;
  const others = names.filter((name) => !(apart as readonly string[]).includes(name));
  return [...apart.map((name) => [name]), others].map((some) => ({
    name: `the line to the registry cut in ${some.join(', ')}`,
    points: 'other',
    entry: '../registry-cut/main.ts',
    args: [short ? '4001' : '1', ...some],
  }));
};

/** The parts beside the kills of a real core; `short` are the sizes at which all of it is tried out quickly. */
export const parts = ({
  short,
  soak,
}: {
  readonly short: boolean;
  readonly soak: boolean;
}): Part[] => {
  const sized = (whole: readonly string[], tried: readonly string[]) => (short ? tried : whole);
  return [
    ...cutsOf(short),
    {
      name: 'the line to the registry cut while a signed KK comes',
      points: 'other',
      entry: '../registry-cut/signed-document.main.ts',
      args: sized([], ['8001']),
    },
    {
      name: 'disks after a power cut, and the order of intents',
      points: 'disks',
      entry: 'proof.main.ts',
      args: sized(['1'], ['60']),
    },
    {
      name: 'deaths at commits, commands and registry calls',
      points: 'inProcess',
      entry: '../commit-points.main.ts',
      args: sized(['1'], ['8']),
    },
    {
      name: 'starts over what still moves',
      points: 'real',
      entry: 'in-flight.main.ts',
      args: sized([], ['4']),
    },
    {
      name: 'deaths while a holder is awaited',
      points: 'real',
      entry: 'holder.main.ts',
      args: [],
    },
    {
      name: 'two terminals in the model',
      points: 'other',
      entry: '../two-terminals.main.ts',
      args: sized([], ['bare']),
    },
    ...(soak
      ? [
          {
            name: 'the soak',
            points: 'other' as const,
            entry: '../soak/main.ts',
            args: sized(['10000'], ['100']),
          },
        ]
      : []),
    { name: 'the race', points: 'other', entry: '../race/main.ts', args: sized([], ['10', '10']) },
    { name: 'a clock that jumps', points: 'other', entry: '../clock/main.ts', args: [] },
    {
      name: 'the search for canaries',
      points: 'other',
      entry: '../canaries/main.ts',
      args: sized([], ['2', '0']),
    },
    {
      name: 'what a real core holds',
      points: 'other',
      entry: '../canaries/growth.main.ts',
      args: sized([], ['5']),
    },
  ];
};

/**
 * Runs one part to its end. One that ends without counting, that tried nothing, or that found nothing and
 * still ends badly, is a violation itself.
 */
export async function runPart(part: Part, say: (line: string) => void): Promise<PartRun> {
  const child = spawn(process.execPath, [path.join(here, part.entry), ...part.args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let found: PartRun | null = null;
  const wrong = text(child.stderr);
  createInterface({ input: child.stdout }).on('line', (line) => {
    say(`${part.name}: ${line}`);
    const [, tried, violations] = counted.exec(line) ?? [];
    if (tried !== undefined) found = { tried: Number(tried), violations: Number(violations) };
  });
  const [status] = (await once(child, 'close')) as [number | null];
  const run = found as PartRun | null;
  if (run !== null && run.tried > 0 && (status === 0 || run.violations > 0)) return run;
  say(`${part.name}: ended with ${status ?? 'a signal'}: ${(await wrong).slice(-2_000)}`);
  return { tried: run?.tried ?? 0, violations: (run?.violations ?? 0) + 1 };
}
