import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { JWK } from 'jose';
import { toCompletion } from '../../../drivers/contract/completion.ts';
import type { HeldContent } from '../../../drivers/contract/held.ts';
import { simulatedReference } from '../../../drivers/biometric/simulated-template.ts';
import { relayFrom, withHeld } from '../../../drivers/host/meeting.ts';
import type { ChipMemory } from '../../../drivers/simulated-card-printer/parts.ts';
import { systemClock, type Clock } from '../../../src/base/clock.ts';
import { newId } from '../../../src/base/ids.ts';
import { err, ok } from '../../../src/base/result.ts';
import { composeCard } from '../../../src/documents/compose-card.ts';
import { DocumentProcess } from '../../../src/core/documents/document-process.ts';
import type { DocumentSettings } from '../../../src/core/documents/work.ts';
import { sha256Hex } from '../../../src/base/canonical-json.ts';
import type { ChipStation, FingerSensor } from '../../../src/issuance/ports.ts';
import type { HttpRegistry } from '../../../src/registry/http/http-registry.ts';
import { reserveByCode } from '../../conformance/registry-under-test.ts';
import {
  RegistryBench,
  type BenchPerson,
  type ReadyRequest,
} from '../../registry/support/registry-bench.ts';
import { stationWith } from './station.ts';

// Starting a process takes seconds on a busy machine.
jest.setTimeout(60_000);

const TERMINAL = 'T-1';
const soon = { deadlineMs: 20_000 };
const folder = mkdtempSync(path.join(tmpdir(), 'anj-documents-'));
const socketPath = path.join(folder, 'documents.sock');
const running: DocumentProcess[] = [];
let bench: RegistryBench;
let terminal: HttpRegistry;
let settings: DocumentSettings;

beforeAll(async () => {
  bench = await RegistryBench.start();
  terminal = await bench.terminal(TERMINAL);
  const read = (file: string): string => readFileSync(file, 'utf8');
  settings = {
    registry: {
      baseUrl: bench.running.terminalApiUrl,
      terminalId: TERMINAL,
      ...(await bench.credentials(TERMINAL)),
    },
    trust: {
      mode: 'specimen',
      orderKey: JSON.parse(read(bench.pki.orderPublicKey)) as JWK,
      pdfAnchorsDer: [new X509Certificate(read(bench.pki.kkCaCert)).raw],
      revocation: 'whenPresent' as const,
      verifyUrl: 'http://127.0.0.1:8080/periksa/',
    },
    socketPath,
  };
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.endSession()));
});
afterAll(async () => {
  await bench.stop();
  rmSync(folder, { recursive: true });
});

function started(changes: { clock?: Clock; memoryLimitMb?: number } = {}): DocumentProcess {
  const documents = new DocumentProcess({ clock: systemClock, settings, ...changes });
  running.push(documents);
  return documents;
}

const childrenOfThisProcess = (): number[] =>
  readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8')
    .trim()
    .split(' ')
    .filter((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('documents/entry'))
    .map(Number);

/** A request that this terminal has reserved, ready to be fetched. */
async function reserved(documentKind: ReadyRequestKind, subject?: BenchPerson) {
  const request: ReadyRequest = await bench.ready({
    documentKind,
    ...(subject === undefined ? {} : { subject }),
  });
  const attemptId = newId('att');
  await reserveByCode(terminal, request, attemptId);
  const { requestId } = request;
  const expected = {
    mode: 'specimen',
    terminalId: TERMINAL,
    requestId,
    attemptId,
    documentKind,
  } as const;
  return { attemptId, expected };
}
type ReadyRequestKind = Parameters<RegistryBench['ready']>[0]['documentKind'];

/** What a host takes away for a ticket, or the kind of its fault. */
async function taken(held: HeldContent): Promise<Buffer | string> {
  const whole = await withHeld({ bytesBase64: held });
  if (!whole.ok) return whole.error.kind;
  return Buffer.from((whole.value as { bytesBase64: string }).bytesBase64, 'base64');
}

describe('the process of the documents', () => {
  it('gives a card to the host alone: core learns digests, and each ticket is good once', async () => {
    const { attemptId, expected } = await reserved('ktpEl');
    const documents = started();
    expect(await documents.fetch(attemptId, soon)).toEqual(ok(undefined));
    const checked = await documents.check(expected);
    const card = await documents.compose(attemptId);
    if (!checked.ok || checked.value.media !== 'controlledBlank' || !card.ok) throw new Error();
    expect(Object.keys(checked.value).sort()).toEqual([
      'blankKind',
      'chipDigest',
      'fingers',
      'media',
      'order',
    ]);
    expect(Object.keys(card.value).sort()).toEqual(['digest', 'sides']);
    const [front] = card.value.sides;
    if (front === undefined) throw new Error('no side');
    expect(Object.keys(front).sort()).toEqual(['heightDots', 'rgb', 'side', 'widthDots']);
    expect(Object.keys(front.rgb).sort()).toEqual(['bytes', 'sha256', 'socketPath', 'ticket']);
    const dots = await taken(front.rgb);
    if (typeof dots === 'string') throw new Error(dots);
    expect(dots).toHaveLength(1012 * 638 * 3);
    expect(sha256Hex(dots)).toBe(front.rgb.sha256);
    const material = await terminal.documents.printMaterial(attemptId, soon);
    if (!material.ok || material.value.media !== 'controlledBlank') throw new Error('no material');
    const { fields, photoJpegBase64 } = material.value;
    const photo = photoJpegBase64 === null ? null : Buffer.from(photoJpegBase64, 'base64');
    const direct = await composeCard(fields, photo, settings.trust);
    expect(direct.ok && direct.value.digest).toBe(card.value.digest);
    expect(await taken(front.rgb)).toBe('otherContent');
  });

  it('gives the signed KK byte for byte', async () => {
    const { attemptId, expected } = await reserved('kk');
    const documents = started();
    await documents.fetch(attemptId, soon);
    const checked = await documents.check(expected);
    if (!checked.ok || checked.value.media !== 'plainPaper') throw new Error('no KK');
    const pdf = await taken(checked.value.pdf);
    if (typeof pdf === 'string') throw new Error(pdf);
    expect(sha256Hex(pdf)).toBe(checked.value.order.contentDigest);
  });

  it('writes and verifies the chip that a host lends, and finds one that was altered', async () => {
    const { attemptId, expected } = await reserved('ktpEl');
    const documents = started();
    await documents.fetch(attemptId, soon);
    const checked = await documents.check(expected);
    if (!checked.ok || checked.value.media !== 'controlledBlank') throw new Error('no card');
    const memory: ChipMemory = { uidHex: '08000001', files: {} };
    const station = stationWith(memory);
    const written = await documents.writeChip(attemptId, station);
    expect(written).toEqual(ok({ digest: checked.value.chipDigest }));
    expect(await documents.verifyChip(attemptId, station)).toEqual(written);
    expect(station.commands).toBeGreaterThan(100);
    memory.files['0102'] = (memory.files['0102'] ?? '').replace(/^(.{40})../, '$1ff');
    expect(await documents.verifyChip(attemptId, station)).toEqual(
      err({ kind: 'readBackDiffers' }),
    );
    expect(await documents.writeChip(attemptId, station)).toEqual(err({ kind: 'notBlank' }));
  });

  it('has a finger compared with the one that it read from the chip, and with no other', async () => {
    const subject = await bench.person('minAge=25');
    const references = (['rightIndex', 'leftIndex'] as const).map((finger) => ({
      finger,
      format: 'iso19794-2' as const,
      templateBase64: simulatedReference('holder', finger, 'iso19794-2').toString('base64'),
    }));
    for (const one of references)
      await bench.front(`/people/${subject.personId}/fingerprints`, one);
    const { attemptId, expected } = await reserved('ktpEl', subject);
    const documents = started();
    await documents.fetch(attemptId, soon);
    const checked = await documents.check(expected);
    expect(checked.ok && checked.value).toMatchObject({
      fingers: ['rightIndex', 'leftIndex'],
      order: { holderCheck: 'fingerprint' },
    });
    const asks: unknown[] = [];
    const sensor: FingerSensor = {
      async lend(to) {
        const give = (params: unknown) => {
          asks.push(params);
          return Promise.resolve(toCompletion(ok({ decision: 'matched', captureQuality: 71 })));
        };
        const relayed = await relayFrom(to, give, new AbortController().signal);
        return relayed.ok ? ok(undefined) : err({ kind: 'deviceGone' });
      },
    };
    const early = await documents.matchHolder(attemptId, 'leftIndex', sensor);
    expect([early, asks]).toEqual([err({ kind: 'notHeld' }), []]);
    const station = stationWith({ uidHex: '08000001', files: {} });
    expect((await documents.writeChip(attemptId, station)).ok).toBe(true);
    expect((await documents.verifyChip(attemptId, station)).ok).toBe(true);
    expect(await documents.matchHolder(attemptId, 'leftIndex', sensor)).toEqual(
      ok({ decision: 'matched', captureQuality: 71 }),
    );
    expect(asks).toEqual([
      {
        finger: 'leftIndex',
        format: 'iso19794-2',
        referenceBase64: references[1]?.templateBase64,
        captureTimeoutMs: 20_000,
        falseMatchPerMillion: 100,
      },
    ]);
    expect(await documents.matchHolder(attemptId, 'leftThumb', sensor)).toEqual(
      err({ kind: 'notHeld' }),
    );
    const notLent: FingerSensor = { lend: () => Promise.resolve(err({ kind: 'deviceGone' })) };
    expect(await documents.matchHolder(attemptId, 'leftIndex', notLent)).toEqual(
      err({ kind: 'deviceGone' }),
    );
  });

  it('says that the reader is gone where the station is not lent, or is taken away in the middle', async () => {
    const { attemptId, expected } = await reserved('ktpEl');
    const documents = started();
    await documents.fetch(attemptId, soon);
    await documents.check(expected);
    const takenAway: ChipStation = {
      lend: ({ socketPath: at, ticket }) =>
        new Promise((resolve) => {
          const socket = connect(at, () => socket.write(`${ticket}\n`));
          socket.once('data', () => socket.destroy());
          socket.once('close', () => resolve(ok(undefined)));
        }),
    };
    const gone = err({ kind: 'readerGone' } as const);
    expect(await documents.writeChip(attemptId, takenAway)).toEqual(gone);
    const notLent: ChipStation = { lend: () => Promise.resolve(gone) };
    expect(await documents.writeChip(attemptId, notLent)).toEqual(gone);
    // The process that waited in vain was ended, and with it what it had fetched.
    expect(await documents.compose(attemptId)).toEqual(err({ kind: 'notHeld' }));
  });

  it('says so where it was killed or closed in the middle of a chip', async () => {
    for (const end of ['kill', 'close'] as const) {
      const { attemptId, expected } = await reserved('ktpEl');
      const documents = started();
      await documents.fetch(attemptId, soon);
      await documents.check(expected);
      const { signal } = new AbortController();
      const station: ChipStation = {
        lend: async (to) => {
          const hungUp = relayFrom(to, () => new Promise(() => undefined), signal);
          if (end === 'close') await documents.close();
          else for (const pid of childrenOfThisProcess()) process.kill(pid, 'SIGKILL');
          return (await hungUp).ok ? ok(undefined) : err({ kind: 'readerGone' });
        },
      };
      const died = err({ kind: 'processEnded', reason: 'SIGKILL' });
      expect(await documents.writeChip(attemptId, station)).toEqual(died);
      const after =
        end === 'close' ? { kind: 'processEnded', reason: 'notStarted' } : { kind: 'notHeld' };
      expect(await documents.compose(attemptId)).toEqual(err(after));
    }
  });

  it('does not wait for a host that says it has lent and was never met', async () => {
    const { attemptId, expected } = await reserved('ktpEl');
    const documents = started();
    await documents.fetch(attemptId, soon);
    await documents.check(expected);
    const neverMet: ChipStation = { lend: () => Promise.resolve(ok(undefined)) };
    expect(await documents.writeChip(attemptId, neverMet)).toEqual(err({ kind: 'readerGone' }));
  });

  it('holds nothing of an attempt once the next is fetched', async () => {
    const first = await reserved('kk');
    const documents = started();
    await documents.fetch(first.attemptId, soon);
    const checked = await documents.check(first.expected);
    if (!checked.ok || checked.value.media !== 'plainPaper') throw new Error('no KK');
    const { attemptId } = await reserved('kia');
    await documents.fetch(attemptId, soon);
    expect(await taken(checked.value.pdf)).toBe('otherContent');
  });

  it('says so where the system has no descriptor left for it', () => {
    const script = path.join(import.meta.dirname, 'without-descriptors.main.ts');
    const said = execFileSync(
      'bash',
      ['-c', `ulimit -n 64; exec "$0" "$1"`, process.execPath, script],
      { encoding: 'utf8', timeout: 20_000 },
    );
    const error = { kind: 'processEnded', reason: 'notStarted' };
    expect(JSON.parse(said)).toEqual({ ok: false, error });
  });

  it('is waited for by a process that has nothing else to wait for', () => {
    const script = path.join(import.meta.dirname, 'closing.main.ts');
    expect(execFileSync(process.execPath, [script], { encoding: 'utf8', timeout: 20_000 })).toBe(
      'closed',
    );
  });

  it('lets nobody in without a ticket', async () => {
    const documents = started();
    await documents.fetch('att_none', soon);
    const socket = connect(socketPath, () => socket.write(`${'0'.repeat(32)}\n`));
    const heard: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => heard.push(chunk)).on('error', () => undefined);
    await new Promise((resolve) => socket.once('close', resolve));
    expect(heard).toEqual([]);
  });

  it('hands refusals on as they are', async () => {
    const documents = started();
    expect(await documents.fetch('att_none', soon)).toEqual(err({ kind: 'unknownReservation' }));
    const { expected } = await reserved('kia');
    expect(await documents.check(expected)).toEqual(
      err({ code: 'document.notHeld', problem: 'checkNotDone' }),
    );
    const { attemptId } = await reserved('kia');
    await documents.fetch(attemptId, soon);
    expect(await documents.check({ ...expected, attemptId })).toEqual(
      err({ code: 'order.wrongRequest', problem: 'orderInvalid' }),
    );
  });

  it('ends with the session, leaves no socket, and holds nothing for the next', async () => {
    const { attemptId, expected } = await reserved('kia');
    const documents = started();
    documents.warmUp();
    await documents.fetch(attemptId, soon);
    expect((await documents.check(expected)).ok).toBe(true);
    expect(existsSync(socketPath)).toBe(true);
    await documents.endSession();
    expect(existsSync(socketPath)).toBe(false);
    expect(await documents.compose(attemptId)).toEqual(err({ kind: 'notHeld' }));
  });

  it('gives up at the time limit, and serves the next with a fresh process', async () => {
    const limits: number[] = [];
    let hurry = true;
    const clock: Clock = {
      ...systemClock,
      after: (delayMs, fire) => {
        limits.push(delayMs);
        if (hurry && delayMs === 15_000) queueMicrotask(fire);
        return { cancel: () => undefined };
      },
    };
    const documents = started({ clock });
    const sheet = {
      testCardId: 'tst_1',
      feeder: 'ktp',
      serial: 'KTP-1',
      terminalId: TERMINAL,
      time: '',
    };
    expect(await documents.composeTestCard(sheet)).toEqual(err({ kind: 'timedOut' }));
    // The first is for the process to start, the second for the work that it took up.
    expect(limits).toEqual([60_000, 15_000]);
    hurry = false;
    expect((await documents.composeTestCard(sheet)).ok).toBe(true);
  });

  it('names what broke it by its class, and quotes nothing', async () => {
    const documents = started();
    const nothing = { testCardId: null } as never;
    const broken = err({ kind: 'processEnded', reason: 'TypeError' });
    expect(await documents.composeTestCard(nothing)).toEqual(broken);
  });

  it('fails by kind when the process runs out of memory, and calls no document altered for it', async () => {
    // Too little for the process to come up at all, where V8 aborts or, earlier, breaks.
    const documents = started({ memoryLimitMb: 6 });
    const died = await documents.fetch('att_none', soon);
    expect(died).toMatchObject({ ok: false, error: { kind: 'processEnded' } });
    expect(JSON.stringify(died)).toMatch(/"reason":"SIG(ABRT|SEGV)"/);
    const { expected } = await reserved('kia');
    expect(await documents.check(expected)).toEqual(
      err({ code: 'check.processEnded', problem: 'checkNotDone' }),
    );
  });
});
