import { expect } from '@jest/globals';
import type { BiometricCapabilities, FingerPosition } from '../../drivers/contract/biometric.ts';
import type { Driver, Params } from '../../drivers/contract/driver.ts';
import type { EventLog } from '../drivers/cabinet/event-log.ts';
import { eachOnItsOwn, type Case } from './case.ts';
import { checked, valueOf } from './checked-driver.ts';

export type Format = BiometricCapabilities['formats'][number];

export interface FingerOnSensor {
  /** Whose it is, in the rig's own words. */
  readonly person: 'holder' | 'stranger';
  readonly finger: FingerPosition;
  /** Too poor to compare. */
  readonly isPoor?: boolean;
  readonly isArtefact?: boolean;
}

/** An engine that is running and its driver, started, and somebody whose fingers can be laid on its sensor. */
export interface BiometricRig {
  readonly driver: Driver<'biometric'>;
  readonly events: EventLog<'biometric'>;
  put(finger: FingerOnSensor): Promise<void>;
  lift(): Promise<void>;
  /** A reference of a finger, in base64. */
  reference(person: 'holder' | 'stranger', finger: FingerPosition, format: Format): string;
  /** Has the engine die in the capture that is under way when a finger is laid down. */
  dieInCapture(): Promise<void>;
  sensor(sensor: 'ready' | 'absent'): Promise<void>;
  /** Completes when this time is over for the engine. */
  pass(ms: number): Promise<void>;
  stop(): Promise<void>;
}

type BiometricCase = Case<BiometricRig>;

type Ask = Params<'biometric', 'captureAndMatch'>;
const TIMEOUT_MS = 1_000;
const KNOWN_FORMATS: readonly Format[] = ['iso19794-2', 'iso19794-2-compact'];

const ask = (rig: BiometricRig, changes: Partial<Ask> = {}) => {
  const format = changes.format ?? 'iso19794-2';
  return checked(rig.driver).captureAndMatch({
    finger: 'rightIndex',
    format,
    referenceBase64: rig.reference('holder', 'rightIndex', format),
    captureTimeoutMs: TIMEOUT_MS,
    falseMatchPerMillion: 100,
    ...changes,
  });
};
const guided = (rig: BiometricRig, guidance: string): Promise<void> =>
  rig.events.heard('guidance', (event) => event.guidance === guidance);
const refused = (errorCode: string) => ({
  ok: false,
  error: { kind: 'commandError', errorCode },
});
const decided = (decision: string) => ({ ok: true, value: { decision } });
const holder = { person: 'holder', finger: 'rightIndex' } as const;
const stranger = { person: 'stranger', finger: 'rightIndex' } as const;
const status = async (rig: BiometricRig) => valueOf(await checked(rig.driver).getStatus({}));

const always: readonly BiometricCase[] = [
  {
    title: 'is online once its engine has said what it is',
    prove: async (rig) => {
      expect(await status(rig)).toMatchObject({ state: 'online', reasons: [] });
    },
  },
  {
    title: 'asks for a finger, and matches the one that the reference is of',
    prove: async (rig) => {
      const answer = ask(rig);
      await guided(rig, 'placeFinger');
      await rig.put(holder);
      const { decision, captureQuality } = valueOf(await answer);
      expect(decision).toBe('matched');
      expect(captureQuality).toBeGreaterThan(0);
    },
  },
  {
    title: 'does not match the finger of another person',
    prove: async (rig) => {
      await rig.put(stranger);
      expect(await ask(rig)).toMatchObject(decided('notMatched'));
    },
  },
  {
    title: 'does not match another finger of the same person',
    prove: async (rig) => {
      await rig.put({ ...holder, finger: 'leftThumb' });
      expect(await ask(rig)).toMatchObject(decided('notMatched'));
    },
  },
  {
    title: 'decides each time anew: no match is left over for whoever comes next',
    prove: async (rig) => {
      await rig.put(holder);
      expect(await ask(rig)).toMatchObject(decided('matched'));
      await rig.lift();
      const next = ask(rig);
      await guided(rig, 'placeFinger');
      await rig.put(stranger);
      expect(await next).toMatchObject(decided('notMatched'));
      const other = rig.reference('stranger', 'rightIndex', 'iso19794-2');
      expect(await ask(rig, { referenceBase64: other })).toMatchObject(decided('matched'));
    },
  },
  {
    title: 'decides nothing where nobody lays a finger down in time',
    prove: async (rig) => {
      const answer = ask(rig);
      await guided(rig, 'placeFinger');
      await rig.pass(TIMEOUT_MS);
      expect(await answer).toEqual(refused('noFinger'));
    },
  },
  {
    title: 'decides nothing on a poor finger, and takes a better one in time',
    prove: async (rig) => {
      await rig.put({ ...holder, isPoor: true });
      const poor = ask(rig);
      await guided(rig, 'pressHarder');
      await rig.pass(TIMEOUT_MS);
      expect(await poor).toEqual(refused('poorQuality'));
      rig.events.forget();
      const better = ask(rig);
      await guided(rig, 'pressHarder');
      await rig.put(holder);
      expect(await better).toMatchObject(decided('matched'));
    },
  },
  {
    title: 'decides nothing on a reference that is none',
    prove: async (rig) => {
      await rig.put(holder);
      const cut = Buffer.from(rig.reference('holder', 'rightIndex', 'iso19794-2'), 'base64');
      const bad = [Buffer.from('not a template'), cut.subarray(0, -1), Buffer.alloc(0)];
      for (const record of [...bad, Buffer.alloc(70_000, 1)]) {
        const referenceBase64 = record.toString('base64');
        expect(await ask(rig, { referenceBase64 })).toEqual(refused('badReference'));
      }
    },
  },
  {
    title: 'is away while its sensor is, and back with it',
    prove: async (rig) => {
      await rig.sensor('absent');
      await rig.events.heard('statusChanged', ({ state }) => state === 'powerOff');
      expect(await ask(rig)).toEqual({
        ok: false,
        error: { kind: 'notReady', reason: 'sensorAbsent' },
      });
      rig.events.forget();
      await rig.sensor('ready');
      await rig.events.heard('statusChanged', ({ state }) => state === 'online');
    },
  },
  {
    title: 'knows of no decision of an engine that died, and decides again once it is back',
    prove: async (rig) => {
      const answer = ask(rig);
      await guided(rig, 'placeFinger');
      await rig.dieInCapture();
      expect(await answer).toEqual({ ok: false, error: { kind: 'deviceGone' } });
      expect((await status(rig)).state).not.toBe('online');
      rig.events.forget();
      await rig.pass(1_000);
      await rig.events.heard('statusChanged', ({ state }) => state === 'online');
      await rig.put(holder);
      expect(await ask(rig)).toMatchObject(decided('matched'));
    },
  },
  {
    title: 'says nothing more once it was stopped',
    prove: async (rig) => {
      await rig.driver.stop();
      rig.events.forget();
      await rig.pass(1_000);
      expect(rig.events.all).toEqual([]);
      expect(await ask(rig)).toMatchObject({ ok: false, error: { kind: 'notReady' } });
    },
  },
];

const attackDetected: BiometricCase = {
  title: 'says of a copy of a finger that it is one, and decides nothing',
  prove: async (rig) => {
    await rig.put({ ...holder, isArtefact: true });
    expect(await ask(rig)).toEqual(refused('presentationAttack'));
  },
};

/** What is asked of a device with these capabilities. */
export function biometricCases(capabilities: BiometricCapabilities): readonly BiometricCase[] {
  const { formats, presentationAttackDetection } = capabilities;
  const claims: BiometricCase = {
    title: 'claims the capabilities it is tested for',
    prove: async (rig) => {
      expect(valueOf(await checked(rig.driver).getCapabilities({}))).toEqual(capabilities);
    },
  };
  const foreign = KNOWN_FORMATS.filter((one) => !formats.includes(one));
  const foreignFormat: BiometricCase = {
    title: 'refuses a format that it does not compare',
    where: foreign.length > 0,
    prove: async (rig) => {
      for (const format of foreign) {
        expect(await ask(rig, { format })).toMatchObject({ error: { kind: 'invalidData' } });
      }
    },
  };
  const inEach = formats.map((format): BiometricCase => ({
    title: `compares with ${format}`,
    prove: async (rig) => {
      await rig.put(holder);
      expect(await ask(rig, { format })).toMatchObject(decided('matched'));
      await rig.put(stranger);
      expect(await ask(rig, { format })).toMatchObject(decided('notMatched'));
    },
  }));
  return [
    claims,
    ...always,
    ...inEach,
    { ...attackDetected, where: presentationAttackDetection },
    foreignFormat,
  ];
}

export function biometricConformance(
  name: string,
  capabilities: BiometricCapabilities,
  setUp: () => Promise<BiometricRig>,
): void {
  eachOnItsOwn(`${name} as a biometric device`, biometricCases(capabilities), setUp);
}
