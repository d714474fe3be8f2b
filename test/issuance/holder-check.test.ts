import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { simulatedReference } from '../../drivers/biometric/simulated-template.ts';
import { acts } from '../../src/issuance/attempt-machine.ts';
import type { Fingerprint } from '../../src/registry/ports.ts';
import { Bench, requestOf, type Core } from './bench.ts';
import { decided, FakeFingerSensor, undecided } from './fake-finger-sensor.ts';

const finger = (position: 'rightIndex' | 'leftIndex'): Fingerprint => ({
  finger: position,
  format: 'iso19794-2',
  templateBase64: simulatedReference('holder', position, 'iso19794-2').toString('base64'),
});
const right = finger('rightIndex');
const left = finger('leftIndex');

let bench: Bench;

beforeEach(async () => {
  bench = await Bench.open();
  bench.registry.fingerprints = [right, left];
});
afterEach(() => bench.close());

const coreWith = (sensor: FakeFingerSensor | null): Promise<Core> =>
  bench.restart({ fingerSensor: sensor?.proxy ?? null });
const ktpEl = requestOf('ktpEl');

/** What the record says of the check, in order. */
const recorded = (core: Core): object[] =>
  core.journal.rows(1, core.journal.size()).flatMap(({ event }): object[] => {
    if (event.kind === 'attempt.holderTried') {
      const { finger: asked, result, captureQuality, engine } = event;
      return [{ finger: asked, result, captureQuality, engine }];
    }
    const found = event.kind === 'attempt.stateEntered' ? event.holderCheck : undefined;
    return found === undefined ? [] : [{ holderCheck: found }];
  });

describe('a KTP-el that waits for its holder', () => {
  it('is presented to whoever has the finger that its chip holds', async () => {
    const sensor = new FakeFingerSensor(decided('matched', 88));
    const core = await coreWith(sensor);
    const { settlement, seen } = await bench.print(core, ktpEl);
    expect(settlement).toMatchObject({ outcome: 'delivered', problem: null });
    expect(seen.slice(seen.indexOf('checkingHolder'))).toEqual([
      'checkingHolder',
      'fingerAsked',
      'presenting',
      'presented',
    ]);
    expect(sensor.asks).toEqual([
      {
        finger: 'rightIndex',
        format: 'iso19794-2',
        referenceBase64: right.templateBase64,
        captureTimeoutMs: 20_000,
        falseMatchPerMillion: 100,
      },
    ]);
    expect(recorded(core)).toEqual([
      {
        finger: 'rightIndex',
        result: 'matched',
        captureQuality: 88,
        engine: 'scripted-fingers 1.0',
      },
      { holderCheck: 'matched' },
    ]);
  });

  it('asks for the other finger after one that settled nothing, and tells what the sensor wants', async () => {
    const sensor = new FakeFingerSensor(
      undecided('poorQuality'),
      decided('notMatched'),
      decided('matched'),
    );
    sensor.onAsk = () => sensor.guide('moveToCentre');
    const core = await coreWith(sensor);
    const told: unknown[] = [];
    const { settlement } = await bench.print(core, ktpEl, (progress) => {
      if (progress.kind === 'fingerAsked') told.push(progress);
      bench.takeWhenPresented(progress);
    });
    expect(settlement.outcome).toBe('delivered');
    expect(told).toEqual(
      (['rightIndex', 'leftIndex', 'rightIndex'] as const).flatMap((asked, tries) => {
        const ask = { kind: 'fingerAsked', finger: asked, triesLeft: 4 - tries };
        return [ask, { ...ask, guidance: 'moveToCentre' }];
      }),
    );
  });

  it.each([
    ['of another', [1, 2, 3, 4].map(() => decided('notMatched')), 'holderNotMatched', 'notMatched'],
    ['of nobody', [1, 2, 3, 4].map(() => undecided('noFinger')), 'holderNotChecked', 'notDecided'],
  ] as const)(
    'goes into the reject bin where the fingers are %s and no officer comes',
    async (_, answers, problem, holderCheck) => {
      const core = await coreWith(new FakeFingerSensor(...answers));
      const { settlement } = await bench.print(core, ktpEl, ({ kind }) => {
        if (kind === 'waiverAwaited') bench.later(180_000);
      });
      const told = { outcome: 'spoiled', problem, codeStillCounts: false, mayRetryNow: false };
      expect(settlement).toMatchObject(told);
      expect(core.book.newest()?.state).toBe('heldBack');
      expect(bench.cabinet.out).toEqual([]);
      expect(bench.cabinet.commands).not.toContain('presentCard');
      expect(bench.cabinet.parts.rejectBin).toHaveLength(1);
      expect(recorded(core).at(-1)).toEqual({ holderCheck });
      expect(core.stock.balance()).toMatchObject({ difference: 0, counts: { void: 1 } });
    },
  );

  it('is presented on the word of an officer, which takes the place of further fingers', async () => {
    const sensor = new FakeFingerSensor(decided('notMatched'));
    const core = await coreWith(sensor);
    const order = bench.order(ktpEl);
    const attempt = core.issuance.start(order);
    sensor.onAsk = () => core.issuance.waiveHolderCheck(attempt.attemptId);
    attempt.onProgress((progress) => bench.takeWhenPresented(progress));
    expect(await attempt.settled).toMatchObject({ outcome: 'delivered' });
    expect(sensor.asks).toHaveLength(1);
    expect(recorded(core).at(-1)).toEqual({ holderCheck: 'waived' });
  });

  it('waits for an officer at once where the sensor breaks, and presents on that word', async () => {
    const sensor = new FakeFingerSensor({ ok: false, error: { kind: 'deviceGone' } });
    const core = await coreWith(sensor);
    const attempt = core.issuance.start(bench.order(ktpEl));
    attempt.onProgress((progress) => {
      if (progress.kind === 'waiverAwaited') core.issuance.waiveHolderCheck(attempt.attemptId);
      bench.takeWhenPresented(progress);
    });
    expect(await attempt.settled).toMatchObject({ outcome: 'delivered' });
    expect(recorded(core)).toEqual([
      {
        finger: 'rightIndex',
        result: 'deviceGone',
        captureQuality: null,
        engine: 'scripted-fingers 1.0',
      },
      { holderCheck: 'waived' },
    ]);
  });

  it('hears nothing of a word that was given for another, or before there was anything to check', async () => {
    const sensor = new FakeFingerSensor(...[1, 2, 3, 4].map(() => decided('notMatched')));
    const core = await coreWith(sensor);
    const attempt = core.issuance.start(bench.order(ktpEl));
    core.issuance.waiveHolderCheck(attempt.attemptId);
    attempt.onProgress(({ kind }) => {
      if (kind !== 'waiverAwaited') return;
      core.issuance.waiveHolderCheck('att_AAAAAAAAAAAAAAAA');
      bench.later(180_000);
    });
    expect(await attempt.settled).toMatchObject({ outcome: 'spoiled' });
  });
});

describe('a terminal that cannot tell a holder', () => {
  it.each([
    ['has no sensor', null, 'noFingerSensor'],
    ['has one that is away', 'powerOff', 'powerOff'],
  ] as const)('because it %s prints no such card', async (_, state, faultCode) => {
    const sensor = new FakeFingerSensor();
    if (state !== null) sensor.state = state;
    const core = await coreWith(state === null ? null : sensor);
    const { settlement } = await bench.print(core, ktpEl);
    expect(settlement).toMatchObject({
      outcome: 'notPrinted',
      problem: 'holderCheckNotPossible',
      codeStillCounts: true,
    });
    expect(core.book.newest()?.faultCode).toBe(faultCode);
    expect(bench.cabinet.moves).toEqual([]);
  });

  it('prints what nobody is to be checked for', async () => {
    const core = await coreWith(null);
    expect((await bench.print(core, requestOf('kia'))).settlement.outcome).toBe('delivered');
    bench.registry.fingerprints = [];
    expect((await bench.print(core, ktpEl)).settlement.outcome).toBe('delivered');
    expect(recorded(core)).toEqual([
      { holderCheck: 'notRequired' },
      { holderCheck: 'notRequired' },
    ]);
  });
});

describe('the fingers of an order', () => {
  it('that were exchanged on the way are not printed', async () => {
    bench.registry.tamper = (material) =>
      material.media === 'plainPaper'
        ? material
        : { ...material, fingerprints: [{ ...right, finger: 'leftThumb' }, left] };
    const core = await coreWith(new FakeFingerSensor());
    const { settlement } = await bench.print(core, ktpEl);
    expect(settlement).toMatchObject({ outcome: 'notPrinted', problem: 'documentAltered' });
    expect(bench.cabinet.moves).toEqual([]);
  });
});

describe('a machine that presents whatever the check comes to', () => {
  it('is seen to: the card of somebody else lies at the exit', async () => {
    const sensor = new FakeFingerSensor(...[1, 2, 3, 4].map(() => decided('notMatched')));
    const core = await bench.restart({
      fingerSensor: sensor.proxy,
      parts: {
        acts: {
          ...acts,
          checkHolder: async (run) => ({ ...(await acts.checkHolder(run)), cause: 'done' }),
        },
      },
    });
    await bench.print(core, ktpEl, (progress) => {
      if (progress.kind === 'waiverAwaited') bench.later(180_000);
      bench.takeWhenPresented(progress);
    });
    expect(bench.cabinet.out).toHaveLength(1);
  });
});
