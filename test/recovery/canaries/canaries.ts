import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CitizenClient } from '../../../scripts/stack/citizen-client.ts';
import { untilHolds } from '../../journey/support/waiting.ts';
import { untilOutboxEmpty } from '../../journey/support/outbox-file.ts';
import { scriptNames, Visitor, type ScriptName } from '../process/script.ts';
import { World } from '../process/world.ts';
import { bytesCanary, MIN_TEXT, textCanary, type Canary } from './canary.ts';
import { Heap } from './heap.ts';
import { textsOf, whatHolds } from './retainers.ts';
import { memoryOf } from './memory.ts';
import { holdersOf, hostsOf, lookIntoMemory, type Found } from './mid-session.ts';
import { ofDots } from './visit.ts';
import { play, visitsOf } from './visits.ts';
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
    readonly memoryOfHosts: readonly string[];
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
  ...IN_HOSTS.filter((name) => !controls.memoryOfHosts.includes(name)).map(
    (name) => `the search sees no ${name} in the memory of the hosts that it went through`,
  ),
  ...(controls.hostsSeen > 0 ? [] : ['the search sees nothing in the memory of the device hosts']),
  ...(controls.nikInCore > 0 ? [] : ['the search sees no NIK in the memory of core in a session']),
];

const IN_HOLDER = ['dots of a card', 'photo', 'signed PDF'];
/** On their way to a printer, or from the chip of an e-KTP that lies on the reader. */
const IN_HOSTS = ['dots of a card', 'photo on the e-KTP', 'signed PDF'];

/** Runs the sessions, waits, and searches. */
export async function searchForCanaries(
  sessions: number,
  waitSeconds: number,
  say: (line: string) => void = () => undefined,
): Promise<CanaryRun> {
  const tmpDir = mkdtempSync(path.join(os.tmpdir(), 'anj-canary-'));
  const coreEnv = { TMPDIR: tmpDir, NODE_OPTIONS: '--inspect-port=127.0.0.1:0' };
  const world = await World.start({ coreEnv, readers: true });
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
  const visitors = new Map(scriptNames.map((name) => [name, visitorOf(world, name)]));
  const canaries: Canary[] = [];
  let nik = '';
  for (const visit of visitsOf(run.sessions)) {
    const visitor = visitors.get(visit.script) ?? visitorOf(world, visit.script);
    canaries.push(...(await play(world, visitor, visit)));
    nik = visitor.request.applicantNik;
    // A request that was spoiled too often, or that a dead core left to the next, is nobody's to print now.
    if (visit.end !== 'delivered') visitors.set(visit.script, visitorOf(world, visit.script));
  }
  const { pid } = world.core.process;
  const { inCore, inHolder, inHosts, hosts, nikInCore } = await inMemory(world, [
    ...visitors.values(),
  ]);
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
  const whole = [...newestWholes(canaries), ...(await ofDots(world))];
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
    memoryOfHosts: [...inHosts].sort(),
    hostsSeen,
    nikInCore,
  };
  const violations = [
    ...new Set([...left, ...reached, ...unwiped, ...stayed]),
    ...(inCore === 0 ? [] : ['bytes of a document in the memory of core in a session']),
    ...family.filter(isZombie).map((one) => `${one} is a zombie`),
    ...blindSpots(controls),
  ];
  const notes = [
    `core and ${family.length - 1} children at the end: ${family.slice(1).map(commandOf).join(' | ')}`,
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

/** Of each kind of photo and PDF, which core never has; names and numbers it does have while a session lasts. */
const WHOLES = ['photo', 'photo on the e-KTP', 'signed PDF', 'PDF'];
/** So many of the newest: each takes several searches of all of core's memory. */
const WHOLES_SEARCHED = 2;

const newestWholes = (canaries: readonly Canary[]): Canary[] =>
  WHOLES.flatMap((kind) => canaries.filter(({ name }) => name === kind).slice(-WHOLES_SEARCHED));

/** A card and a KK, each looked for in memory while it lies before the citizen. */
async function inMemory(world: World, visitors: readonly Visitor[]): Promise<Found> {
  const sum = {
    inCore: 0,
    inHolder: new Set<string>(),
    inHosts: new Set<string>(),
    hosts: [] as number[],
    nikInCore: 0,
  };
  // Whose e-KTP is lost can tap none.
  const shown = [
    ['ktpEl', 'typed'],
    ['kk', 'tapped'],
  ] as const;
  for (const [name, comes] of shown) {
    const visitor = visitors.find((one) => one.name === name);
    if (visitor === undefined) throw new Error(`nobody plays ${name}`);
    const found = await lookIntoMemory(world, visitor, comes);
    sum.inCore += found.inCore;
    for (const one of found.inHolder) sum.inHolder.add(one);
    for (const one of found.inHosts) sum.inHosts.add(one);
    sum.hosts.push(...found.hosts);
    sum.nikInCore += found.nikInCore;
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
