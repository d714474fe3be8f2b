import type { Choice } from '../../../src/rpc/citizen.ts';
import type { SessionView } from '../../../src/rpc/citizen-view.ts';
import { NIK } from '../../session/bench.ts';
import { PIN, type SoakTerminal } from './terminal.ts';
import type { Troubles } from './troubles.ts';

/** Turns of the event loop without news after which time passes. */
const STILL_TURNS = 6;
const STEP_MS = 1_000;
/** Fake time by which every session is over. */
const LONGEST_MS = 3_600_000;

export type SessionEnd = 'ended' | 'died';

/** One session from the welcome until the terminal is idle again, or until core dies in it. */
export async function visit(terminal: SoakTerminal, troubles: Troubles): Promise<SessionEnd> {
  const { bench, core } = terminal;
  const { runner, life } = core;
  const endsAt = bench.clock.monotonicMs() + LONGEST_MS;
  let answered = -1;
  let screens = 0;
  let still = 0;
  let begun = false;
  let wrongPin = troubles.wrongPin;
  for (;;) {
    if (life.isOver) return 'died';
    if (terminal.fatal.length > 0) throw terminal.fatal[0];
    const view = runner.view();
    if (runner.isIdle() && begun) return 'ended';
    const gone = troubles.walksAwayAt !== null && screens >= troubles.walksAwayAt;
    const wants = gone || view.viewId === answered ? null : answerTo(view, terminal, troubles);
    if (view.viewId !== answered) {
      answered = view.viewId;
      screens += 1;
      still = 0;
    }
    if (wants === 'take') bench.cabinet.hands.takeCard();
    else if (wants !== null) {
      const choice: Choice =
        wants.kind === 'submitPin' && wrongPin ? { kind: 'submitPin', pin: '135791' } : wants;
      if (wants.kind === 'submitPin') wrongPin = false;
      runner.choose(view.viewId, choice);
      begun = true;
    }
    await new Promise((resolve) => setImmediate(resolve));
    still += 1;
    if (still < STILL_TURNS) continue;
    // Signatures are made in threads of their own; time must not run past them.
    await new Promise((resolve) => setTimeout(resolve, 1));
    bench.clock.advance(STEP_MS);
    if (bench.clock.monotonicMs() > endsAt) {
      const { screen } = runner.view();
      throw new Error(
        `no end of ${JSON.stringify({ screen, troubles, did: bench.cabinet.commands.slice(-8), newest: core.book.newest()?.state, parts: bench.cabinet.parts.jam, points: life.points.slice(-4) })}`,
      );
    }
  }
}

function answerTo(
  { screen, problem }: SessionView,
  terminal: SoakTerminal,
  troubles: Troubles,
): Choice | 'take' | null {
  switch (screen.name) {
    case 'welcome':
      return { kind: 'startWay', way: 'nik' };
    case 'enterNik':
      return { kind: 'submitNik', nik: NIK };
    case 'enterPin':
      return { kind: 'submitPin', pin: PIN };
    case 'chooseDocument': {
      const open = screen.documents.find(({ unavailable }) => unavailable === null);
      return open === undefined
        ? { kind: 'cancel' }
        : { kind: 'chooseDocument', requestId: open.requestId };
    }
    case 'confirm':
      return { kind: 'confirmPrint' };
    case 'takeCard':
      return troubles.leavesCard || terminal.bench.cabinet.parts.exit === null ? null : 'take';
    case 'takePaper':
      return problem === null ? { kind: 'paperTaken' } : { kind: 'paperMissing' };
    case 'result':
      return { kind: 'finish' };
    case 'satisfaction':
      return { kind: 'rate', score: 4 };
    case 'goodbye':
      return { kind: 'finish' };
    case 'enterPrintCode':
    case 'outOfService':
    case 'placeFinger':
    case 'presentCard':
    case 'presentCode':
    case 'printing':
    case 'readingCard':
    case 'surrenderCard':
    case 'takeYourCard':
    case 'verifying':
    case 'waitForOldCard':
      return null;
  }
}
