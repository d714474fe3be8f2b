import type { Journal } from '../../../src/journal/journal.ts';
import { JournalWriteError } from '../../../src/journal/journal.ts';
import { Bench, requestOf } from '../../issuance/bench.ts';
import { journalThrough } from '../../journal/journal-through.ts';
import { afterDeath, session, type Scenario } from '../scenario.ts';
import type { Blow, CallClass, ShimControl } from './shim.ts';

/** What is printed on a disk that fails; the citizen collects. */
export const faultScenarios: Readonly<Record<string, Scenario>> = Object.fromEntries(
  (
    [
      ['a first KTP-el', { request: requestOf('ktpEl') }],
      ['a KIA', { request: requestOf('kia') }],
      [
        'a replacement',
        { request: requestOf('ktpEl', { oldCard: 'toBeCapturedHere', reason: 'damaged' }) },
      ],
      ['a KK', { request: requestOf('kk') }],
      [
        'a KIA whose ribbon ends',
        { request: requestOf('kia'), strike: ['print', 'ribbonOut', 'before'] },
      ],
    ] as const
  ).map(([name, parts]) => [name, { ...parts, collects: true, takesWhileDown: false }]),
);

export interface FaultRun {
  /** false: the session was over before its k-th call. */
  readonly struck: boolean;
  /** Core refused to go on, as it must where its record cannot be written. */
  readonly refused: boolean;
  readonly violations: readonly string[];
}

let death = Promise.withResolvers<true>();

/** What core's exit policy does with a rejection that nobody waits for: this run of core is over. */
export function endCore(cause: unknown): void {
  if (!(cause instanceof JournalWriteError)) throw cause;
  death.resolve(true);
}

/** One session on real SQLite whose k-th call fails, then a restart on a disk that works again. */
export async function faultAt(
  shim: ShimControl,
  scenario: Scenario,
  fault: { readonly callClass: CallClass; readonly k: number; readonly blow: Blow },
): Promise<FaultRun> {
  const bench = await Bench.open();
  try {
    const { request } = scenario;
    if (request.oldCard === 'toBeCapturedHere') {
      bench.registry.misorder = (order) => ({ ...order, oldCard: 'toBeCapturedHere' });
    }
    let acknowledged = 0;
    death = Promise.withResolvers();
    const first = await bench.restart({
      journal: (journal) => noting(journal, (seq) => (acknowledged = seq)),
    });
    if (scenario.strike !== undefined) bench.cabinet.strike(...scenario.strike);
    bench.cabinet.oldCards.held = request.oldCard === 'toBeCapturedHere';
    shim.arm(fault.callClass, fault.k, fault.blow);
    const over = refusedIn(() => session(bench, first, scenario));
    const refused = await Promise.race([over, death.promise]);
    const struck = shim.fired;
    shim.disarm();
    if (!struck) return { struck, refused, violations: [] };
    await bench.kill(first);
    const violations = await afterDeath(bench, scenario);
    const again = await bench.start();
    if (again.journal.size() < acknowledged) violations.push('an acknowledged row is lost');
    return { struck, refused, violations };
  } finally {
    shim.disarm();
    await bench.close();
  }
}

async function refusedIn(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return false;
  } catch (cause) {
    if (cause instanceof JournalWriteError) return true;
    throw cause;
  }
}

/** The journal, telling of each row that it called durable. */
const noting = (journal: Journal, told: (lastSeq: number) => void): Journal =>
  journalThrough(journal, async (commit) => {
    const done = await commit();
    if (done !== null) told(done.receipt.lastSeq);
  });
