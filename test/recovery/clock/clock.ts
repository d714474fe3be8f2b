import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { CitizenClient } from '../../../scripts/stack/citizen-client.ts';
import type { Approved } from '../../../scripts/stack/resident.ts';
import type { Choice } from '../../../src/rpc/citizen.ts';
import type { ScreenName } from '../../../src/rpc/citizen-view.ts';
import { readJournal, settledIn } from '../../journey/support/journal-file.ts';
import { untilOutboxEmpty } from '../../journey/support/outbox-file.ts';
import { brokenPromises } from '../process/invariants.ts';
import { THE_BEGINNING } from '../process/old-cards.ts';
import { Visitor } from '../process/script.ts';
import { World } from '../process/world.ts';

export interface ClockRun {
  readonly points: number;
  readonly violations: readonly string[];
  readonly notes: readonly string[];
}

export const FAKETIME_LIBRARY = '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1';
export const jumps = ['+1d', '-1d'] as const;
export type Jump = (typeof jumps)[number];

/** Screens on which the clock is moved, and what the citizen presses to leave each. */
const steps: readonly (readonly [ScreenName, Choice['kind'] | null])[] = [
  ['enterNik', 'submitNik'],
  ['enterPin', 'submitPin'],
  ['chooseDocument', 'chooseDocument'],
  ['confirm', 'confirmPrint'],
  ['takeCard', null],
];
/** Core looks at its clock every ten seconds; three times that. */
const NOTICED_MS = 60_000;
const SCREEN_MS = 150_000;

/** A day ahead and a day back at every screen. */
const everyJump = jumps.flatMap((jump) => steps.map(([screen]) => [jump, screen] as const));

/** Moves the clock at these screens, one session each. */
export async function jumpClock(
  which: readonly (readonly [Jump, ScreenName])[] = everyJump,
  say: (line: string) => void = () => undefined,
): Promise<ClockRun> {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'anj-clock-'));
  const file = path.join(dir, 'time');
  const set = (offset: string): void => {
    writeFileSync(`${file}.new`, `${offset}\n`);
    renameSync(`${file}.new`, file);
  };
  set('+0d');
  const coreEnv = {
    LD_PRELOAD: FAKETIME_LIBRARY,
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_NO_CACHE: '1',
    DONT_FAKE_MONOTONIC: '1',
  };
  const world = await World.start({ coreEnv });
  const violations: string[] = [];
  const requestIds: string[] = [];
  let points = 0;
  try {
    await world.startCore();
    const visitor = new Visitor(world, 'kia');
    let pin = '';
    for (const [jump, screen] of which) {
      const approved = await visitor.apply();
      requestIds.push(approved.requestId);
      // A PIN is sent once, with the first approval.
      if (approved.pin !== '') pin = approved.pin;
      const found = await session(world, { ...approved, pin }, { jump, screen, set });
      points += 1;
      violations.push(...found.map((text) => `${jump} at ${screen}: ${text}`));
      say(`${jump} at ${screen}: ${found.join('; ') || 'holds'}`);
    }
    await untilOutboxEmpty(world.dataDir);
    violations.push(...(await brokenPromises(world, requestIds.slice(-1), THE_BEGINNING)));
  } finally {
    await world.stop();
    rmSync(dir, { recursive: true });
  }
  return { points, violations, notes: [`${points} jumps of a day`] };
}

interface JumpAt {
  readonly jump: Jump;
  readonly screen: ScreenName;
  readonly set: (offset: string) => void;
}

async function session(
  world: World,
  { applicantNik, requestId, pin }: Approved,
  { jump, screen: jumpsAt, set }: JumpAt,
): Promise<string[]> {
  const client = await CitizenClient.connect(world.core.endpoints.citizenSocket);
  const press: Partial<Record<ScreenName, Choice>> = {
    enterNik: { kind: 'submitNik', nik: applicantNik },
    enterPin: { kind: 'submitPin', pin },
    chooseDocument: { kind: 'chooseDocument', requestId },
    confirm: { kind: 'confirmPrint' },
  };
  const violations: string[] = [];
  const before = readJournal(world.dataDir).rows.length;
  try {
    await client.screen('welcome', NOTICED_MS);
    client.choose({ kind: 'startWay', way: 'nik' });
    for (const [screen] of steps) {
      const view = await client.screen([screen, 'goodbye', 'result'], SCREEN_MS);
      if (view.screen.name !== screen) break;
      if (screen === jumpsAt) {
        const limit = view.timeLimit?.remainingMs ?? null;
        set(jump);
        await told(world, before, 'clock.distrusted');
        const after = client.view;
        if (after.screen.name !== screen) {
          violations.push(`the screen became ${after.screen.name}`);
          break;
        }
        if (limit !== null && after.viewId !== view.viewId) violations.push('the view changed');
      }
      if (screen === 'takeCard') await world.panel.post('/api/exit/take', {});
      else client.choose(press[screen] ?? { kind: 'cancel' });
    }
    const { screen } = await client.screen(['result', 'goodbye'], SCREEN_MS);
    const outcome = screen.name === 'result' ? screen.outcome : screen.name;
    // A print that had begun comes to its end; none begins under a clock that is wrong.
    const wanted = jumpsAt === 'takeCard' ? 'delivered' : 'notPrinted';
    const settled = settledIn(readJournal(world.dataDir), requestId).at(-1)?.outcome ?? 'none';
    if (settled !== wanted) violations.push(`came to ${settled} (${outcome}), not ${wanted}`);
    await leave(client);
    const { screen: refused } = await client.screen('outOfService', NOTICED_MS);
    if (refused.reason !== 'clockWrong') violations.push(`refuses for ${refused.reason}`);
    set('+0d');
    await told(world, before, 'clock.trusted');
    await client.screen('welcome', NOTICED_MS);
  } finally {
    client.close();
  }
  return violations;
}

async function leave(client: CitizenClient): Promise<void> {
  for (;;) {
    const { screen } = await client.screen(
      ['result', 'satisfaction', 'goodbye', 'welcome', 'outOfService'],
      SCREEN_MS,
    );
    if (screen.name === 'result') client.choose({ kind: 'finish' });
    else if (screen.name === 'satisfaction') client.choose({ kind: 'skipRating' });
    else if (screen.name === 'goodbye') client.choose({ kind: 'finish' });
    else return;
    const { viewId } = client.view;
    await client.until((view) => view.viewId > viewId, SCREEN_MS);
  }
}

/** Completes when the record says it, after that row. */
async function told(world: World, after: number, kind: string): Promise<void> {
  const endsAt = performance.now() + NOTICED_MS;
  for (;;) {
    const rows = readJournal(world.dataDir).rows.slice(after);
    if (rows.some(({ event }) => event.kind === kind)) return;
    if (performance.now() > endsAt) throw new Error(`the record says no ${kind}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
