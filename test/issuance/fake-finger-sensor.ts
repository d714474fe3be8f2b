import type { BiometricGuidance } from '../../drivers/contract/biometric.ts';
import { biometricCommands } from '../../drivers/contract/biometric.ts';
import type { CommandResult, Params } from '../../drivers/contract/driver.ts';
import type { Meeting } from '../../drivers/contract/held.ts';
import type { DeviceProxy } from '../../src/devices/ports.ts';
import { err, ok } from '../../src/base/result.ts';
import { lendTo, type Give } from './meetings.ts';

type Ask = Params<'biometric', 'captureAndMatch'>;
type Answer = CommandResult<'biometric', 'captureAndMatch'>;

export const decided = (decision: 'matched' | 'notMatched', captureQuality = 70): Answer =>
  ok({ decision, captureQuality });
export const undecided = (errorCode: 'noFinger' | 'poorQuality'): Answer =>
  err({ kind: 'commandError', errorCode });

/** A sensor as the supervisor hands it to issuance: `answers` are what it comes to, in turn. */
export class FakeFingerSensor {
  readonly asks: Ask[] = [];
  state: 'online' | 'powerOff' = 'online';
  /** Called when a finger is waited for, before the next answer. */
  onAsk: () => void = () => undefined;
  readonly #answers: Answer[];
  #guide: ((event: { guidance: BiometricGuidance }) => void) | null = null;

  constructor(...answers: Answer[]) {
    this.#answers = answers;
  }

  guide(guidance: BiometricGuidance): void {
    this.#guide?.({ guidance });
  }

  readonly proxy = {
    name: 'finger',
    deviceClass: 'biometric',
    real: false,
    execute: () => Promise.resolve(ok({ state: this.state, reasons: [], requiredAction: 'none' })),
    lend: async (_: string, to: Meeting) => {
      const give = (params: unknown): Promise<Answer> => {
        this.asks.push(biometricCommands.captureAndMatch.params.parse(params));
        this.onAsk();
        const answer = this.#answers.shift();
        if (answer === undefined) throw new Error('nobody expected another finger');
        return Promise.resolve(answer);
      };
      await lendTo(to, give as Give);
      return ok({ commands: 1 });
    },
    on: (_: string, listener: (event: { guidance: BiometricGuidance }) => void) => {
      this.#guide = listener;
      return () => void (this.#guide = null);
    },
    health: () => ({ capabilities: { engine: 'scripted-fingers 1.0' } }),
  } as unknown as DeviceProxy<'biometric'>;
}
