import { initialTransition, transition } from 'xstate';
import { Emitter } from '../base/emitter.ts';
import type { TimerHandle } from '../base/clock.ts';
import { newId } from '../base/ids.ts';
import type { Choice } from '../rpc/citizen.ts';
import type { SessionView } from '../rpc/citizen-view.ts';
import type { ServiceStatus } from './context.ts';
import type { SessionDeps } from './deps.ts';
import { SessionEffects } from './effects.ts';
import { endsByStop } from './end-by-stop.ts';
import type { SessionEffect, SessionEvent } from './events.ts';
import { identifyCode } from './identify.ts';
import { sessionMachine } from './machine.ts';
import { problem } from './problems.ts';
import { MAX_EXTENSIONS, timeLimitMs, WARN_BEFORE_MS } from './time-limits.ts';
import { stateOf, viewOf, type SessionSnapshot } from './view.ts';

/**
 * A language chosen on the welcome by somebody who then walked away goes back to Indonesian, and a call
 * for an officer may be made anew.
 */
const IDLE_RESET_MS = 60_000;

/**
 * Owns the one session of the terminal: feeds events to the pure machine, runs the effects it names,
 * keeps the time limits and says what the screen shows. Events are handled one after another.
 */
export class SessionRunner {
  readonly #deps: SessionDeps;
  readonly #views = new Emitter<{ view: SessionView }>();
  readonly #queue: SessionEvent[] = [];
  #busy = false;
  #snapshot: SessionSnapshot;
  #effects: SessionEffects | null = null;
  #viewId = 0;
  #timer: TimerHandle | null = null;
  #limitEndsMs: number | null = null;
  #extensions = 0;
  #stopping = false;
  readonly #underWay = new Set<Promise<void>>();

  constructor(deps: SessionDeps, service: ServiceStatus) {
    this.#deps = deps;
    [this.#snapshot] = initialTransition(sessionMachine, { service });
    deps.cardReader?.on('cardInserted', () => this.#dispatch({ type: 'card.inserted' }));
    deps.cardReader?.on('cardRemoved', () => this.#dispatch({ type: 'card.removed' }));
    deps.codeScanner?.on('codeRead', ({ payload }) => this.#codeRead(payload));
  }

  view(): SessionView {
    const endsMs = this.#limitEndsMs;
    const remainingMs = endsMs === null ? 0 : Math.max(0, endsMs - this.#deps.clock.monotonicMs());
    return viewOf(this.#snapshot, this.#deps.terminal, {
      viewId: this.#viewId,
      timeLimit:
        endsMs === null || this.isIdle()
          ? null
          : { remainingMs: Math.round(remainingMs), warnAtMs: WARN_BEFORE_MS },
    });
  }

  onView(listener: (view: SessionView) => void): () => void {
    return this.#views.on('view', listener);
  }

  /** True while nobody is being served: the moment for restarts and for news of the terminal's service. */
  isIdle(): boolean {
    const state = stateOf(this.#snapshot);
    return state === 'idle' || state === 'outOfService';
  }

  /** What the terminal can do now, as last told. */
  service(): ServiceStatus {
    return this.#snapshot.context.service;
  }

  setService(service: ServiceStatus): void {
    const told = this.#stopping ? { ...service, outOfService: 'maintenance' as const } : service;
    this.#dispatch({ type: 'service.changed', service: told });
  }

  /**
   * Serves nobody new and ends the session: at once where nothing of it moves, else when what moves has
   * come to its end. Completes when nothing of it is under way, or after `limitMs`.
   */
  async stop(limitMs: number): Promise<void> {
    this.#stopping = true;
    this.setService(this.service());
    let limit: TimerHandle | null = null;
    const limitReached = new Promise<void>((resolve) => {
      limit = this.#deps.clock.after(limitMs, resolve);
    });
    await Promise.race([this.#quiet(), limitReached]);
    (limit as TimerHandle | null)?.cancel();
    this.#timer?.cancel();
  }

  async #quiet(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  /** A choice made on an older view does nothing but show the present one again. */
  choose(viewId: number, choice: Choice): void {
    if (viewId !== this.#viewId) {
      this.#views.emit('view', this.view());
      return;
    }
    if (choice.kind === 'extendTime') {
      this.#extend();
      return;
    }
    const { kind, ...rest } = choice;
    this.#dispatch({ type: `choice.${kind}`, ...rest } as SessionEvent);
  }

  #codeRead(payload: string): void {
    const factor = identifyCode(payload);
    if (factor.ok) {
      this.#dispatch({ type: 'factor.presented', way: 'code', factor: factor.value });
    } else {
      this.#dispatch({ type: 'factor.rejected', way: 'code', problem: problem(factor.error) });
    }
  }

  #dispatch(event: SessionEvent): void {
    this.#queue.push(event);
    if (this.#busy) return;
    this.#busy = true;
    try {
      for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
        this.#handle(next);
      }
    } finally {
      this.#busy = false;
    }
  }

  #handle(event: SessionEvent): void {
    const before = this.#snapshot;
    const [after, actions] = transition(sessionMachine, before, event);
    this.#snapshot = after;
    const screenBefore = stateOf(before);
    for (const action of actions) {
      this.#run({ type: action.type, params: action.params } as SessionEffect, screenBefore);
    }
    if (after === before) return;
    if (this.#stopping && endsByStop(stateOf(after))) {
      this.#queue.push({ type: 'terminal.stopping' });
    }
    if (cardMayBeRead(after)) this.#queue.push({ type: 'card.inserted' });
    const answered = event.type.startsWith('choice.');
    if (stateOf(after) !== screenBefore || answered) this.#restartLimit();
    // A press is answered by the view it was made on; what nobody can see must not make it stale.
    if (answered || this.#visible(after) !== this.#visible(before)) this.#show();
  }

  #run(effect: SessionEffect, screen: string): void {
    const done = this.#start(effect, screen);
    if (done === undefined) return;
    const ended = done.catch(this.#deps.fatal).finally(() => this.#underWay.delete(ended));
    this.#underWay.add(ended);
  }

  #start(effect: SessionEffect, screen: string): Promise<void> | undefined {
    if (effect.type === 'openSession') {
      const sessionId = newId('ses');
      this.#effects = new SessionEffects(sessionId, this.#deps, (event) => this.#dispatch(event));
      const { trigger } = effect.params;
      return this.#deps.record([{ kind: 'session.opened', sessionId, trigger }]);
    }
    if (effect.type === 'callOfficer') {
      const sessionId = this.#effects?.sessionId ?? null;
      return this.#deps.record([{ kind: 'help.called', sessionId, screen }]);
    }
    const effects = this.#effects;
    if (effects === null) return undefined;
    switch (effect.type) {
      case 'readCard':
        return effects.readCard();
      case 'parseNik':
        effects.parseNik(effect);
        return undefined;
      case 'verifyFactors':
        return effects.verifyFactors(effect);
      case 'listRequests':
        return effects.listRequests(effect);
      case 'acceptOldCard':
        return effects.acceptOldCard(effect);
      case 'returnOldCard':
        return effects.returnOldCard();
      case 'startAttempt':
        return effects.startAttempt(effect);
      case 'sayPaper':
        effects.sayPaper(effect);
        return undefined;
      case 'sendCorrection':
        return effects.sendCorrection(effect);
      case 'sendFeedback':
        return effects.sendFeedback(effect);
      case 'endSession':
        effects.end();
        this.#effects = null;
        return effects.endSession(effect, screen);
    }
  }

  #restartLimit(): void {
    this.#extensions = 0;
    this.#setLimit();
  }

  #extend(): void {
    if (this.#extensions >= MAX_EXTENSIONS || this.#limitEndsMs === null) return;
    this.#extensions += 1;
    this.#setLimit();
    this.#show();
  }

  #show(): void {
    this.#viewId += 1;
    this.#views.emit('view', this.view());
  }

  #visible(snapshot: SessionSnapshot): string {
    const unnumbered = { viewId: 0, timeLimit: null };
    return JSON.stringify(viewOf(snapshot, this.#deps.terminal, unnumbered));
  }

  #setLimit(): void {
    this.#timer?.cancel();
    const state = stateOf(this.#snapshot);
    const { language, helpCalled, problem: told } = this.#snapshot.context;
    const leftByPasserBy = this.isIdle() && (language !== 'id' || helpCalled);
    const limitMs = leftByPasserBy ? IDLE_RESET_MS : timeLimitMs(state, told?.code ?? null);
    this.#limitEndsMs = limitMs === null ? null : this.#deps.clock.monotonicMs() + limitMs;
    this.#timer =
      limitMs === null
        ? null
        : this.#deps.clock.after(limitMs, () => this.#dispatch({ type: 'time.out' }));
  }
}

/** Only from the welcome, once it was shown: what was left of the session before is gone by then. */
const cardMayBeRead = (snapshot: SessionSnapshot): boolean => {
  const { cardUnread, service } = snapshot.context;
  return stateOf(snapshot) === 'idle' && cardUnread && service.ways.eKtp === null;
};
