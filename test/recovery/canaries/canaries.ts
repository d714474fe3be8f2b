import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CitizenClient } from '../../../scripts/stack/citizen-client.ts';
import { readJournal, settledIn } from '../../journey/support/journal-file.ts';
import { untilHolds } from '../../journey/support/waiting.ts';
import { untilOutboxEmpty } from '../../journey/support/outbox-file.ts';
import { scriptNames, Visitor, type ScriptName } from '../process/script.ts';
import { World } from '../process/world.ts';
import { bytesCanary, MIN_TEXT, textCanary, type Canary } from './canary.ts';
import { Heap } from './heap.ts';
import { textsOf, whatHolds } from './retainers.ts';
import { memoryOf } from './memory.ts';
import { holdersOf, hostsOf, lookIntoMemory, type Found } from './mid-session.ts';
import { ofDots, ofVisit } from './visit.ts';
import { belongingsOf, commandOf, familyOf, filesBelow, hits, isZombie } from './places.ts';

export interface CanaryRun {
  readonly points: number;
  readonly violations: readonly string[];
  readonly notes: readonly string[];
  /** What the search found where it must find something; nought would mean that it sees nothing. */
  readonly controls: {
    readonly heapInSession: number;
    readonly registry: number;
    readonly memoryOfHolder: readonly string[];
    /** Hosts in whose memory the address of the cabinet was found, which each of them keeps. */
    readonly hostsSeen: number;
    readonly nikInCore: number;
  };
}

/** Of each control that found nothing: the search would not see what it is there to find. */
export const blindSpots = (controls: CanaryRun['controls']): string[] => [
  ...(controls.heapInSession > 0 ? [] : ['the search sees nothing in the heap of a session']),
  ...(controls.registry > 0 ? [] : ['the search sees nothing in the folder of the registry']),
  ...IN_HOLDER.filter((name) => !controls.memoryOfHolder.includes(name)).map(
    (name) => `the search sees no ${name} in the memory of the process that holds it`,
  ),
  ...(controls.hostsSeen > 0 ? [] : ['the search sees nothing in the memory of the device hosts']),
  ...(controls.nikInCore > 0 ? [] : ['the search sees no NIK in the memory of core in a session']),
];

const IN_HOLDER = ['dots of a card', 'photo', 'signed PDF'];

/** Runs the sessions, waits, and searches. */
export async function searchForCanaries(
  sessions: number,
  waitSeconds: number,
  say: (line: string) => void = () => undefined,
): Promise<CanaryRun> {
  const tmpDir = mkdtempSync(path.join(os.tmpdir(), 'anj-canary-'));
  const coreEnv = { TMPDIR: tmpDir, NODE_OPTIONS: '--inspect-port=127.0.0.1:0' };
  const world = await World.start({ coreEnv });
  try {
    return await search(world, { sessions, waitSeconds, tmpDir, say });
  } finally {
    await world.stop();
    rmSync(tmpDir, { recursive: true });
  }
}

async function search(
  world: World,
  run: {
    readonly sessions: number;
    readonly waitSeconds: number;
    readonly tmpDir: string;
    readonly say: (line: string) => void;
  },
): Promise<CanaryRun> {
  await world.startCore();
  const { pid } = world.core.process;
  const visitors = scriptNames.map((name) => visitorOf(world, name));
  const canaries: Canary[] = [];
  let nik = '';
  const memory: number[] = [];
  for (let session = 0; session < run.sessions; session += 1) {
    const visitor = visitors[session % visitors.length];
    if (visitor === undefined) throw new Error('nobody comes');
    const approved = await visitor.apply();
    const end = await visitor.session();
    if (end !== 'delivered') {
      const { faultCode } = settledIn(readJournal(world.dataDir)).at(-1) ?? {};
      throw new Error(`session ${session} ended ${end}: ${faultCode ?? 'without a fault'}`);
    }
    nik = approved.applicantNik;
    canaries.push(...(await ofVisit(world, approved)));
    memory.push(residentBytes(pid));
  }
  const { inCore, inHolder, hosts, nikInCore } = await inMemory(world, visitors);
  for (const file of readdirSync(world.jobsDir)) {
    canaries.push(bytesCanary('PDF', readFileSync(path.join(world.jobsDir, file))));
  }
  await untilOutboxEmpty(world.dataDir);
  // The processes that documents went through are ended by the view after the goodbye, a moment later.
  await untilHolds(
    () => [...holdersOf(pid), ...hostsOf(pid).filter((one) => hosts.includes(one))],
    (found) => found.length === 0,
    10_000,
  );
  await delay(run.waitSeconds * 1_000);
  const family = familyOf(pid);
  const left = [
    ...hits(canaries, filesBelow(world.dataDir)),
    ...hits(canaries, filesBelow(run.tmpDir)),
    ...hits(canaries, [{ name: 'the log', bytes: readFileSync(world.coreLogFile) }]),
    ...family.flatMap((one) => hits(canaries, belongingsOf(one))),
  ];
  run.say(`${run.sessions} sessions, ${left.length} hits on disk`);
  const heap = await Heap.open(pid, world.coreLogFile);
  const { snapshot, buffers } = await heap.reached();
  const reached = hits(canaries, [{ name: 'the heap', bytes: textsOf(snapshot) }]);
  if (reached.length > 0) reached.push(...whatHolds(snapshot, canaries));
  const unwiped = hits(canaries, buffers);
  run.say(`${reached.length} hits in the heap, ${unwiped.length} kinds behind buffers`);
  const heapInSession = await inTheMiddle(world, heap, { nik, canaries });
  heap.close();
  const whole = [...canaries.filter(isOfWhole).slice(-WHOLES_SEARCHED), ...(await ofDots(world))];
  const stayed = family.flatMap((one) => hits(whole, memoryOf(one)));
  run.say(
    `${stayed.length + inCore} photos, cards or PDFs in all the memory of core and its children`,
  );
  const registry = hits(canaries, filesBelow(path.join(world.dir, 'reg'))).length;
  const address = [textCanary('address', world.cabinet.endpoints.socketPath)];
  const hostsSeen = hostsOf(pid).filter((one) => hits(address, memoryOf(one)).length > 0).length;
  const controls = {
    heapInSession,
    registry,
    memoryOfHolder: [...inHolder].sort(),
    hostsSeen,
    nikInCore,
  };
  const violations = [
    ...new Set([...left, ...reached, ...unwiped, ...stayed]),
    ...(inCore === 0 ? [] : ['bytes of a document in the memory of core in a session']),
    ...family.filter(isZombie).map((one) => `${one} is a zombie`),
    ...blindSpots(controls),
  ];
  const first = memory[Math.floor(memory.length / 5)] ?? 0;
  const grown = ((memory.at(-1) ?? 0) - first) / Math.max(1, memory.length * 0.8);
  const notes = [
    `core and ${family.length - 1} children at the end: ${family.slice(1).map(commandOf).join(' | ')}`,
    `core grew ${Math.round(grown / 1024)} KiB a session over the last four fifths`,
  ];
  return { points: run.sessions, violations, notes, controls };
}

/** The next citizen of that script of whom every name is long enough to be looked for. */
function visitorOf(world: World, script: ScriptName): Visitor {
  for (;;) {
    const visitor = new Visitor(world, script);
    if (visitor.cast.every(({ name }) => name.length >= MIN_TEXT)) return visitor;
  }
}

/** Of the newest documents: each takes several searches of all of core's memory. */
const WHOLES_SEARCHED = 8;
/** Photos and signed PDFs, which core never has; names and numbers it does have while a session lasts. */
const isOfWhole = ({ name }: Canary): boolean => /photo|PDF/.test(name);

/** A card and a KK, each looked for in memory while it lies before the citizen. */
async function inMemory(world: World, visitors: readonly Visitor[]): Promise<Found> {
  const sum = {
    inCore: 0,
    inHolder: new Set<string>(),
    hosts: [] as number[],
    nikInCore: 0,
  };
  for (const name of ['ktpEl', 'kk'] as const) {
    const visitor = visitors.find((one) => one.name === name);
    if (visitor === undefined) throw new Error(`nobody plays ${name}`);
    const { inCore, inHolder, hosts, nikInCore } = await lookIntoMemory(world, visitor);
    sum.inCore += inCore;
    for (const one of inHolder) sum.inHolder.add(one);
    sum.hosts.push(...hosts);
    sum.nikInCore += nikInCore;
  }
  return sum;
}

/** A control: somebody has just typed a NIK, and the heap must know of it. */
async function inTheMiddle(
  world: World,
  heap: Heap,
  { nik, canaries }: { readonly nik: string; readonly canaries: readonly Canary[] },
): Promise<number> {
  const client = await CitizenClient.connect(world.core.endpoints.citizenSocket);
  await client.screen('welcome');
  client.choose({ kind: 'startWay', way: 'nik' });
  await client.screen('enterNik');
  client.choose({ kind: 'submitNik', nik });
  await client.screen('enterPin');
  const { snapshot } = await heap.reached();
  const found = hits(canaries, [{ name: 'the heap', bytes: textsOf(snapshot) }]);
  client.close();
  return found.length;
}

function residentBytes(pid: number): number {
  const [, kib = '0'] =
    /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kib) * 1024;
}
