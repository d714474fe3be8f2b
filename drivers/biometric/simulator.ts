import * as z from 'zod';
import type { Clock, TimerHandle } from '../../src/base/clock.ts';
import type { FingerPosition } from '../contract/biometric.ts';
import {
  minutiaeOf,
  readCompactReference,
  readReference,
  type Minutia,
} from './simulated-template.ts';

/** What lies on the simulated sensor. */
export interface SimulatedFinger {
  /** Whose it is, by a name that nobody has. */
  readonly person: string;
  readonly finger: FingerPosition;
  /** 0 to 100, ISO/IEC 29794-1. */
  readonly quality: number;
  /** A copy of a finger, not a finger. */
  readonly isArtefact: boolean;
}

/** What an engine may do wrong. To decide wrongly is none of it: a test could not tell that from a right one. */
export type EngineFault =
  /** Never answers that capture. */
  | 'silence'
  /** Answers with a line that is no frame. */
  | 'garbage'
  /** Ends in the middle of it. */
  | 'crash'
  /** Answers it under the number of another. */
  | 'otherCapture'
  /** Decides at a worse rate of false matches than was asked for. */
  | 'weakerDecision';

export interface SimulatedEngineParts {
  readonly clock: Clock;
  readonly presentationAttackDetection: boolean;
  /** Writes one line to the driver. */
  readonly write: (line: string) => void;
  /** Ends the engine, as a crash or a stranger's request does. */
  readonly die: () => void;
}

/** The engine's own reading of the protocol: what it was not told in this form it does not do. */
const requestSchema = z.strictObject({
  type: z.literal('captureAndMatch'),
  id: z.int().positive(),
  finger: z.string(),
  format: z.enum(['iso19794-2', 'iso19794-2-compact']),
  referenceBase64: z.base64(),
  captureTimeoutMs: z.int().min(1_000).max(30_000),
  falseMatchPerMillion: z.int().min(1).max(10_000),
});
type Request = z.infer<typeof requestSchema>;

export const SIMULATED_ENGINE = 'anjungan-simulated-fingers 1';

/** Below it a finger is asked to be laid down better. */
const GOOD_ENOUGH = 40;
/** Which part of the reference's minutiae must be found: a stranger's finger shares hardly one. */
const MATCHING_PART = 0.6;

interface Capture {
  readonly request: Request;
  readonly reference: readonly Minutia[];
  readonly fault: EngineFault | null;
  readonly limit: TimerHandle;
}

/** An engine that says it is none: its fingers are drawn from names and put on it by a test. */
export class SimulatedEngine {
  readonly #parts: SimulatedEngineParts;
  #finger: SimulatedFinger | null = null;
  #capture: Capture | null = null;
  #fault: EngineFault | null = null;

  constructor(parts: SimulatedEngineParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#say({
      type: 'hello',
      protocol: 'anjungan-biometric-engine/1',
      engine: SIMULATED_ENGINE,
      simulated: true,
      presentationAttackDetection: this.#parts.presentationAttackDetection,
      formats: ['iso19794-2', 'iso19794-2-compact'],
      sensor: 'ready',
    });
  }

  /** One line of the driver. Ends the engine where it is none, or comes while a capture is under way. */
  receive(line: string): void {
    const request = requestSchema.safeParse(jsonOf(line));
    if (!request.success || this.#capture !== null) {
      this.#parts.die();
      return;
    }
    const { format, referenceBase64, captureTimeoutMs } = request.data;
    const record = Buffer.from(referenceBase64, 'base64');
    const reference =
      format === 'iso19794-2' ? readReference(record) : readCompactReference(record);
    const limit = this.#parts.clock.after(captureTimeoutMs, () => this.#timeOver());
    this.#capture = {
      request: request.data,
      reference: reference ?? [],
      fault: this.#fault,
      limit,
    };
    this.#fault = null;
    if (reference === null) this.#undecided('badReference');
    else if (this.#finger === null) this.#guide('placeFinger');
    else this.#look(this.#finger);
  }

  /** Lays a finger on the sensor, in the place of any other. */
  put(finger: SimulatedFinger): void {
    this.#finger = finger;
    this.#look(finger);
  }

  lift(): void {
    this.#finger = null;
  }

  /** Strikes at the next finger that is captured, or at the one that is being waited for. */
  arm(fault: EngineFault): void {
    if (this.#capture === null) this.#fault = fault;
    else this.#capture = { ...this.#capture, fault };
  }

  setSensor(sensor: 'ready' | 'absent' | 'broken'): void {
    this.#say({ type: 'sensor', sensor });
  }

  #look(finger: SimulatedFinger): void {
    const capture = this.#capture;
    if (capture === null || this.#strikes(capture)) return;
    if (finger.isArtefact && this.#parts.presentationAttackDetection) {
      this.#undecided('presentationAttack');
    } else if (finger.quality < GOOD_ENOUGH) this.#guide('pressHarder');
    else {
      const decision = isSame(capture.reference, minutiaeOf(finger.person, finger.finger));
      this.#guide('liftFinger');
      this.#decided(capture, decision ? 'matched' : 'notMatched', finger.quality);
    }
  }

  /** Whether the armed fault has taken the place of the answer. */
  #strikes({ fault }: Capture): boolean {
    switch (fault) {
      case null:
      case 'otherCapture':
      case 'weakerDecision':
        return false;
      case 'silence':
        return true;
      case 'garbage':
        this.#parts.write('{"type":"decided","decision":"matched"\u0000');
        return true;
      case 'crash':
        this.#parts.die();
        return true;
    }
  }

  #decided(capture: Capture, decision: 'matched' | 'notMatched', captureQuality: number): void {
    const { id, falseMatchPerMillion } = capture.request;
    this.#over();
    this.#say({
      type: 'decided',
      id: capture.fault === 'otherCapture' ? id + 1 : id,
      decision,
      captureQuality,
      falseMatchPerMillion:
        capture.fault === 'weakerDecision' ? falseMatchPerMillion + 1 : falseMatchPerMillion,
    });
  }

  #undecided(reason: 'noFinger' | 'poorQuality' | 'badReference' | 'presentationAttack'): void {
    const id = this.#capture?.request.id;
    this.#over();
    this.#say({ type: 'undecided', id, reason });
  }

  #timeOver(): void {
    if (this.#capture?.fault === 'silence') return;
    this.#undecided(this.#finger === null ? 'noFinger' : 'poorQuality');
  }

  #over(): void {
    this.#capture?.limit.cancel();
    this.#capture = null;
  }

  #guide(guidance: 'placeFinger' | 'pressHarder' | 'liftFinger'): void {
    this.#say({ type: 'guidance', id: this.#capture?.request.id, guidance });
  }

  #say(frame: object): void {
    this.#parts.write(JSON.stringify(frame));
  }
}

function isSame(reference: readonly Minutia[], captured: readonly Minutia[]): boolean {
  const has = new Set(captured.map(({ x, y, angle }) => `${x}.${y}.${angle}`));
  const found = reference.filter(({ x, y, angle }) => has.has(`${x}.${y}.${angle}`)).length;
  return reference.length > 0 && found / reference.length >= MATCHING_PART;
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return null;
  }
}
