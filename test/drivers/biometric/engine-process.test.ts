import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { biometricFactory, biometricOptionsSchema } from '../../../drivers/biometric/driver.ts';
import {
  simulatedBiometricFactory,
  simulatedEngineCommand,
} from '../../../drivers/biometric/simulated-biometric.ts';
import { simulatedReference } from '../../../drivers/biometric/simulated-template.ts';
import { HostedDevice } from '../../conformance/hosted-device.ts';
import { EventLog } from '../cabinet/event-log.ts';

const REFERENCE = simulatedReference('holder', 'rightIndex', 'iso19794-2').toString('base64');
const ASK = {
  finger: 'rightIndex',
  format: 'iso19794-2',
  referenceBase64: REFERENCE,
  captureTimeoutMs: 30_000,
  falseMatchPerMillion: 100,
} as const;

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'anjungan-engine-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

/** An engine of somebody else, whose first line and whose answer to any line are these. */
function script(hello: object, answer = ''): { program: string; args: string[] } {
  const file = join(dir, 'engine.mjs');
  const write = (line: string): string => `process.stdout.write(${JSON.stringify(`${line}\n`)});`;
  const onLine = `process.stdin.on('data', () => { ${answer === '' ? '' : write(answer)} });`;
  writeFileSync(file, `${write(JSON.stringify(hello))}${onLine}`);
  return { program: process.execPath, args: [file] };
}

const HELLO = {
  type: 'hello',
  protocol: 'anjungan-biometric-engine/1',
  engine: 'maker 1.2',
  simulated: false,
  presentationAttackDetection: false,
  formats: ['iso19794-2'],
  sensor: 'ready',
};

async function realDriverOn(command: { program: string; args: readonly string[] }) {
  const events = new EventLog<'biometric'>();
  const driver = biometricFactory.create(biometricOptionsSchema.parse(command), events.emit);
  await driver.start();
  const captured = await driver.handlers.captureAndMatch(ASK);
  await driver.stop();
  return { told: events.named('statusChanged')[0], captured };
}

const misconfigured = (reason: string, state = 'userError') => ({
  told: { state, reasons: [reason], requiredAction: 'configuration' },
  captured: { ok: false, error: { kind: 'notReady', reason } },
});

describe('the driver of real engines', () => {
  it('says that it is real, and that of the simulated one that it is not', () => {
    expect([biometricFactory.real, simulatedBiometricFactory.real]).toEqual([true, false]);
  });

  it('never takes the word of the simulated engine', async () => {
    const options = {
      controlSocketPath: join(dir, 'control'),
      presentationAttackDetection: true,
    };
    expect(await realDriverOn(simulatedEngineCommand(options))).toEqual(
      misconfigured('simulatedEngine'),
    );
  });

  it.each([
    ['an engine that says it is simulated', { simulated: true }, 'simulatedEngine'],
    ['one that is named so', { engine: 'anjungan-simulated-x 1' }, 'simulatedEngine'],
    ['one of another protocol', { protocol: 'other/9' }, 'otherProtocol'],
  ])('refuses %s', async (_what, changes, reason) => {
    expect(await realDriverOn(script({ ...HELLO, ...changes }))).toEqual(misconfigured(reason));
  });

  it('says that the engine is missing', async () => {
    const command = { program: '/nowhere/engine', args: [] };
    expect(await realDriverOn(command)).toEqual(misconfigured('missingEngine', 'noDevice'));
  });

  it('takes the decision of an engine that is what it says', async () => {
    const answer =
      '{"type":"decided","id":1,"decision":"notMatched","captureQuality":70,"falseMatchPerMillion":10}';
    expect(await realDriverOn(script(HELLO, answer))).toEqual({
      told: { state: 'online', reasons: [], requiredAction: 'none' },
      captured: { ok: true, value: { decision: 'notMatched', captureQuality: 70 } },
    });
  });

  it('ends all of an engine that a shell wraps, and starts it again', async () => {
    const engine = script(HELLO, 'no frame');
    const [file = ''] = engine.args;
    const pids = join(dir, 'pids');
    const keepPid = `import { appendFileSync } from 'node:fs';
      appendFileSync(${JSON.stringify(pids)}, process.pid + '\\n');`;
    writeFileSync(file, keepPid + readFileSync(file, 'utf8'));
    const program = join(dir, 'engine.sh');
    // Without exec: what dies is the shell, and the engine has its streams.
    writeFileSync(program, `#!/bin/sh\n${engine.program} ${file}\nexit $?\n`, { mode: 0o755 });
    const events = new EventLog<'biometric'>();
    const options = biometricOptionsSchema.parse({ program, args: [] });
    const driver = biometricFactory.create(options, events.emit);
    await driver.start();
    expect(await driver.handlers.captureAndMatch(ASK)).toEqual({
      ok: false,
      error: { kind: 'hardwareError', reason: 'protocolBroken' },
    });
    events.forget();
    await events.heard('statusChanged', ({ state }) => state === 'online');
    await driver.stop();
    const engines = readFileSync(pids, 'utf8').trim().split('\n').map(Number);
    expect(engines).toHaveLength(2);
    for (const pid of engines) await untilDead(pid);
  });

  it('reads no line that is longer than an engine has reason to send', async () => {
    const answer = `{"type":"guidance","id":1,"guidance":"${'x'.repeat(10_000)}"}`;
    const { captured } = await realDriverOn(script(HELLO, answer));
    expect(captured).toEqual({
      ok: false,
      error: { kind: 'hardwareError', reason: 'protocolBroken' },
    });
  });
});

describe('an engine in the real device host', () => {
  it('holds the reference in no argument, environment or file, and dies with its host', async () => {
    const device = await HostedDevice.open('biometric', 'simulated-biometric', {
      controlSocketPath: join(dir, 'control'),
    });
    const asked = device.call('captureAndMatch', ASK);
    await device.events.until('guidance');
    const [host, engine] = descendantsOf(process.pid);
    expect(ofProcess(engine, 'cmdline')).toContain('simulated-engine.');
    for (const pid of [host, engine]) {
      const shown = ofProcess(pid, 'cmdline') + ofProcess(pid, 'environ');
      expect(shown).not.toContain(REFERENCE.slice(0, 16));
    }
    expect(readdirSync(dir)).toEqual(['control']);
    process.kill(host ?? 0, 'SIGKILL');
    await untilDead(engine);
    await device.close();
    expect(device.complaints).toBe('');
    // Core answers for a host that died.
    void asked;
  });
});

async function untilDead(pid: number | undefined): Promise<void> {
  while (/^State:\s+[^ZX]/m.test(ofProcess(pid, 'status'))) await delay(10);
}

function descendantsOf(pid: number): number[] {
  const children = ofProcess(pid, `task/${pid}/children`).match(/\d+/g) ?? [];
  return children.map(Number).flatMap((child) => [child, ...descendantsOf(child)]);
}

/** proc(5); empty of what has ended. */
function ofProcess(pid: number | undefined, file: string): string {
  try {
    return readFileSync(`/proc/${pid ?? 0}/${file}`, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH') return '';
    throw error;
  }
}
