import type { Clock, TimerHandle } from '../../src/base/clock.ts';
import { away, ONLINE } from '../contract/status-teller.ts';
import type { CommonStatus } from '../contract/words.ts';
import {
  MAX_GUIDANCE,
  refusalOf,
  type EngineDecision,
  type EngineHello,
  type EngineKind,
  type FromEngine,
  type Sensor,
  type ToEngine,
} from './protocol.ts';
import type { EngineCommand, EngineEnd, EngineProcess, StartEngine } from './transport.ts';

/** How long an engine may take to say hello: some load large models first. */
export const HELLO_MS = 15_000;
/** Pauses before an engine is started again: doubled from the first to the last. */
export const FIRST_PAUSE_MS = 250;
export const LAST_PAUSE_MS = 60_000;
/** An engine that lived this long, or decided something, is worth a short pause again. */
export const STEADY_MS = 60_000;

/** Why there is no decision, in words that no engine said: how its process ended, or why we ended it. */
export type EngineFailure = EngineEnd | 'engineSilent';
export type EngineAnswer =
  EngineDecision | { readonly type: 'failed'; readonly why: EngineFailure };

export interface EngineKeeperParts {
  readonly clock: Clock;
  readonly startEngine: StartEngine;
  readonly command: EngineCommand;
  readonly kind: EngineKind;
  readonly say: (status: CommonStatus) => void;
  readonly guide: (guidance: Extract<FromEngine, { type: 'guidance' }>['guidance']) => void;
}

interface Asked {
  readonly id: number;
  readonly settle: (answer: EngineAnswer) => void;
  guidanceHeard: number;
}

/** Keeps an engine running, and asks it one thing at a time. */
export class EngineKeeper {
  /** What the engine said last of itself; null until one was taken. */
  hello: EngineHello | null = null;
  readonly #parts: EngineKeeperParts;
  #process: EngineProcess | null = null;
  /** When its hello was taken; null before. */
  #upSinceMs: number | null = null;
  /** It was given up and is about to end. */
  #refused = false;
  #asked: Asked | null = null;
  #lastId = 0;
  #pauseMs = FIRST_PAUSE_MS;
  #timer: TimerHandle | null = null;
  #lookedOnce: () => void = () => undefined;
  #stopped = false;

  constructor(parts: EngineKeeperParts) {
    this.#parts = parts;
  }

  get isRunning(): boolean {
    return this.#upSinceMs !== null && !this.#refused;
  }

  /** Completes when an engine said hello, or could not be taken; it is started again until `stop`. */
  start(): Promise<void> {
    return new Promise((resolve) => {
      this.#lookedOnce = resolve;
      this.#startOnce();
    });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#timer?.cancel();
    await this.#process?.kill();
  }

  /**
   * Completes with the engine's decision, or when it has failed. An engine that says nothing for `withinMs` is
   * ended: what it would still say belongs to nobody.
   */
  ask(request: Omit<ToEngine, 'type' | 'id'>, withinMs: number): Promise<EngineAnswer> {
    const process = this.#process;
    if (process === null || !this.isRunning) {
      return Promise.resolve({ type: 'failed', why: 'engineEnded' });
    }
    const id = ++this.#lastId;
    return new Promise((resolve) => {
      const limit = this.#parts.clock.after(withinMs, () => this.#end('engineSilent'));
      const settle = (answer: EngineAnswer): void => {
        limit.cancel();
        this.#asked = null;
        resolve(answer);
      };
      this.#asked = { id, settle, guidanceHeard: 0 };
      process.send({ type: 'captureAndMatch', id, ...request });
    });
  }

  #startOnce(): void {
    const { clock, startEngine, command } = this.#parts;
    this.#refused = false;
    this.#timer = clock.after(HELLO_MS, () => this.#end('engineSilent'));
    this.#process = startEngine(command, {
      onFrame: (frame) => this.#hear(frame),
      onGone: (end) => this.#gone(end),
    });
  }

  #hear(frame: FromEngine): void {
    if (this.#refused) return;
    if (frame.type === 'hello') this.#greet(frame);
    else if (!this.isRunning) this.#end('protocolBroken');
    else if (frame.type === 'sensor') this.#parts.say(statusOf(frame.sensor));
    else this.#answer(frame);
  }

  #greet(hello: EngineHello): void {
    const refusal = refusalOf(hello, this.#parts.kind);
    if (this.isRunning) this.#end('protocolBroken');
    else if (refusal !== null) this.#refuse(misconfigured(refusal));
    else {
      this.#timer?.cancel();
      this.hello = hello;
      this.#upSinceMs = this.#parts.clock.monotonicMs();
      this.#parts.say(statusOf(hello.sensor));
      this.#lookedOnce();
    }
  }

  /** A decision counts only as the answer to what was asked last: any other could be another citizen's. */
  #answer(frame: Extract<FromEngine, { id: number }>): void {
    const asked = this.#asked;
    if (asked?.id !== frame.id) {
      this.#end('protocolBroken');
    } else if (frame.type === 'guidance') {
      asked.guidanceHeard += 1;
      if (asked.guidanceHeard > MAX_GUIDANCE) this.#end('protocolBroken');
      else this.#parts.guide(frame.guidance);
    } else {
      this.#pauseMs = FIRST_PAUSE_MS;
      asked.settle(frame);
    }
  }

  #end(why: EngineFailure): void {
    this.#refuse(away(why));
    this.#asked?.settle({ type: 'failed', why });
  }

  /** Nothing it says from now on is heard; its end, which follows, has it started again. */
  #refuse(status: CommonStatus): void {
    this.#refused = true;
    this.#parts.say(status);
    void this.#process?.kill();
  }

  #gone(end: EngineEnd): void {
    const { clock, say } = this.#parts;
    const livedMs = clock.monotonicMs() - (this.#upSinceMs ?? clock.monotonicMs());
    this.#process = null;
    this.#upSinceMs = null;
    this.#timer?.cancel();
    this.#asked?.settle({ type: 'failed', why: end });
    this.#lookedOnce();
    if (this.#stopped) return;
    if (!this.#refused) say(end === 'missingEngine' ? missingEngine : away(end));
    if (livedMs >= STEADY_MS) this.#pauseMs = FIRST_PAUSE_MS;
    this.#timer = clock.after(this.#pauseMs, () => this.#startOnce());
    this.#pauseMs = Math.min(this.#pauseMs * 2, LAST_PAUSE_MS);
  }
}

const misconfigured = (reason: string): CommonStatus => ({
  state: 'userError',
  reasons: [reason],
  requiredAction: 'configuration',
});

const missingEngine: CommonStatus = {
  state: 'noDevice',
  reasons: ['missingEngine'],
  requiredAction: 'configuration',
};

function statusOf(sensor: Sensor): CommonStatus {
  if (sensor === 'ready') return ONLINE;
  return sensor === 'absent'
    ? away('sensorAbsent')
    : { state: 'hardwareError', reasons: ['sensorBroken'], requiredAction: 'maintenance' };
}
