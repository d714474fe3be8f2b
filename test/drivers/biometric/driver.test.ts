import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { COMPARE_MS } from '../../../drivers/biometric/driver.ts';
import {
  FIRST_PAUSE_MS,
  HELLO_MS,
  LAST_PAUSE_MS,
  STEADY_MS,
} from '../../../drivers/biometric/engine-keeper.ts';
import { MAX_GUIDANCE } from '../../../drivers/biometric/protocol.ts';
import { SimulatedEngine, type EngineFault } from '../../../drivers/biometric/simulator.ts';
import { engineInMemoryRig, type EngineInMemoryRig } from './engine-rigs.ts';

const CAPTURE_MS = 1_000;
const holder = { person: 'holder', finger: 'rightIndex' } as const;

let rig: EngineInMemoryRig;
const ask = () =>
  rig.driver.handlers.captureAndMatch({
    finger: 'rightIndex',
    format: 'iso19794-2',
    referenceBase64: rig.reference('holder', 'rightIndex', 'iso19794-2'),
    captureTimeoutMs: CAPTURE_MS,
    falseMatchPerMillion: 100,
  });
const told = (): unknown => rig.events.named('statusChanged').at(-1);
/** All that was set going has come to rest. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('an engine that goes wrong in a capture', () => {
  beforeEach(async () => {
    rig = await engineInMemoryRig();
  });
  afterEach(() => rig.stop());

  it('is given up when it is silent for longer than capture and comparison take', async () => {
    rig.arm('silence');
    await rig.put(holder);
    const answer = ask();
    await settled();
    rig.clock.advance(CAPTURE_MS + COMPARE_MS - 1);
    expect(told()).toMatchObject({ state: 'online' });
    rig.clock.advance(1);
    expect(await answer).toEqual({ ok: false, error: { kind: 'noAnswer' } });
    expect(told()).toMatchObject({ state: 'powerOff', reasons: ['engineSilent'] });
    expect(await ask()).toMatchObject({ error: { kind: 'notReady', reason: 'engineSilent' } });
  });

  it.each([
    ['garbage', { kind: 'hardwareError', reason: 'protocolBroken' }],
    ['otherCapture', { kind: 'hardwareError', reason: 'protocolBroken' }],
    ['weakerDecision', { kind: 'hardwareError', reason: 'weakerThanAsked' }],
    ['crash', { kind: 'deviceGone' }],
  ] satisfies [EngineFault, object][])('has decided nothing by %s', async (fault, error) => {
    rig.arm(fault);
    await rig.put(holder);
    expect(await ask()).toEqual({ ok: false, error });
  });

  it.each([
    '{"type":"decided","id":1,"decision":"matched","captureQuality":101,"falseMatchPerMillion":1}',
    '{"type":"decided","id":1,"decision":"matched","captureQuality":80}',
    '{"type":"decided","id":1,"decision":"maybe","captureQuality":80,"falseMatchPerMillion":1}',
    '{"type":"decided","id":1,"decision":"matched","captureQuality":80,"falseMatchPerMillion":1,"image":""}',
    '{"type":"hello"}',
    '[]',
    '',
  ])('has decided nothing by saying %j', async (line) => {
    const answer = ask();
    await settled();
    rig.write(line);
    expect(await answer).toMatchObject({ error: { kind: 'hardwareError' } });
  });

  it('is ended when it says something that it was not asked', async () => {
    rig.write(
      '{"type":"decided","id":1,"decision":"matched","captureQuality":80,"falseMatchPerMillion":1}',
    );
    await settled();
    expect(told()).toMatchObject({ state: 'powerOff', reasons: ['protocolBroken'] });
  });

  it('is ended when it never stops telling the citizen what to do', async () => {
    const answer = ask();
    await settled();
    const line = '{"type":"guidance","id":1,"guidance":"pressLighter"}';
    for (let n = 0; n < MAX_GUIDANCE; n += 1) rig.write(line);
    expect(await answer).toMatchObject({ error: { kind: 'hardwareError' } });
    expect(rig.events.named('guidance').length).toBeLessThanOrEqual(MAX_GUIDANCE);
  });

  it('is never heard again of a capture that was given up', async () => {
    rig.arm('silence');
    await rig.put(holder);
    const late = ask();
    await settled();
    rig.clock.advance(CAPTURE_MS + COMPARE_MS);
    await late;
    rig.write(
      '{"type":"decided","id":1,"decision":"matched","captureQuality":80,"falseMatchPerMillion":1}',
    );
    await settled();
    rig.clock.advance(FIRST_PAUSE_MS);
    await settled();
    await rig.put({ ...holder, person: 'stranger' });
    expect(await ask()).toMatchObject({ value: { decision: 'notMatched' } });
  });
});

describe('an engine that cannot be kept running', () => {
  afterEach(() => rig.stop());

  it('is started again with growing pauses, a minute at most', async () => {
    rig = await engineInMemoryRig((parts) => {
      const engine = new SimulatedEngine(parts);
      engine.start = () => queueMicrotask(parts.die);
      return engine;
    });
    let pauseMs = FIRST_PAUSE_MS;
    for (let starts = 1; starts < 12; starts += 1) {
      expect(rig.starts()).toBe(starts);
      rig.clock.advance(pauseMs - 1);
      await settled();
      expect(rig.starts()).toBe(starts);
      rig.clock.advance(1);
      await settled();
      pauseMs = Math.min(pauseMs * 2, LAST_PAUSE_MS);
    }
    expect(pauseMs).toBe(LAST_PAUSE_MS);
    expect(told()).toMatchObject({ state: 'powerOff', reasons: ['engineEnded'] });
  });

  it('waits longer for each that says hello and dies, and a short time again for one that lasted', async () => {
    rig = await engineInMemoryRig();
    const die = async (): Promise<void> => {
      rig.write('no frame');
      await settled();
    };
    await die();
    rig.clock.advance(FIRST_PAUSE_MS);
    await settled();
    expect(rig.starts()).toBe(2);
    await die();
    rig.clock.advance(FIRST_PAUSE_MS);
    await settled();
    expect(rig.starts()).toBe(2);
    rig.clock.advance(FIRST_PAUSE_MS);
    await settled();
    expect(rig.starts()).toBe(3);
    rig.clock.advance(STEADY_MS);
    await die();
    rig.clock.advance(FIRST_PAUSE_MS);
    await settled();
    expect(rig.starts()).toBe(4);
  });

  it('is given up when it never says hello', async () => {
    rig = await engineInMemoryRig((parts) => {
      const engine = new SimulatedEngine(parts);
      engine.start = () => queueMicrotask(() => parts.clock.advance(HELLO_MS));
      return engine;
    });
    expect(told()).toMatchObject({ state: 'powerOff', reasons: ['engineSilent'] });
    expect(await rig.driver.handlers.getCapabilities({})).toMatchObject({
      error: { kind: 'notReady' },
    });
  });

  it('leaves no timer of the driver behind when it was stopped', async () => {
    rig = await engineInMemoryRig();
    await rig.driver.stop();
    expect(rig.clock.pending).toBe(0);
  });
});
