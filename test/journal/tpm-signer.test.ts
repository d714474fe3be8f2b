import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, watch } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createPublicKey } from 'node:crypto';
import { verifyFile } from '../../scripts/verify-journal.mjs';
import { systemClock } from '../../src/base/clock.ts';
import { headIsSignedBy } from '../../src/journal/chain/head.ts';
import { rawFromDer } from '../../src/journal/chain/ecdsa-form.ts';
import { openTpmSigner, type TpmKey } from '../../src/journal/chain/tpm-signer.ts';
import { openRecord, type RecordOptions } from '../../src/core/foundation.ts';
import { openReadOnly } from '../../src/store/open-database.ts';
import { verifyJournal } from '../../src/journal/verify/verify.ts';
import { discard, recordAttempt, started, temporaryFolder, TERMINAL, touched } from './fixture.ts';

// A simulated TPM takes its time, on a machine that others use too.
jest.setTimeout(120_000);

/** swtpm, a TPM 2.0 as a process, on a Unix socket; Debian packages swtpm and tpm2-tools. */
const folder = temporaryFolder();
const socket = join(folder, 'tpm.sock');
let tpm: ChildProcess;

async function startTpm(): Promise<void> {
  const state = join(folder, 'state');
  mkdirSync(state, { recursive: true });
  const watcher = watch(folder);
  const listening = new Promise<void>((resolve) => {
    watcher.on('change', () => {
      if (existsSync(socket)) resolve();
    });
  });
  tpm = spawn(
    'swtpm',
    [
      'socket',
      '--tpm2',
      ...['--tpmstate', `dir=${state}`],
      ...['--server', `type=unixio,path=${socket}`],
      ...['--ctrl', `type=unixio,path=${socket}.ctrl`],
      ...['--flags', 'not-need-init,startup-clear'],
    ],
    { stdio: 'ignore' },
  );
  await once(tpm, 'spawn');
  await listening;
  watcher.close();
}

async function stopTpm(): Promise<void> {
  const gone = once(tpm, 'exit');
  tpm.kill('SIGKILL');
  await gone;
  rmSync(socket, { force: true });
}

const key: TpmKey = { tcti: `swtpm:path=${socket}`, handle: '0x81010001' };
const folders = (name: string) => {
  const keysFolder = join(folder, name);
  mkdirSync(keysFolder, { recursive: true });
  return { keysFolder, scratchFolder: folder };
};

beforeAll(startTpm);
afterEach(() => expect(tpm.exitCode).toBeNull());
afterAll(async () => {
  await stopTpm();
  discard(folder);
});

describe('a key in a TPM', () => {
  it('is made where there is none and it may be, and found again', () => {
    const none = openTpmSigner(key, { ...folders('a'), mayCreate: false });
    expect(none).toEqual({ ok: false, error: { kind: 'tpmKeyMissing', handle: key.handle } });
    const made = openTpmSigner(key, { ...folders('a'), mayCreate: true });
    const again = openTpmSigner(key, { ...folders('b'), mayCreate: false });
    if (!made.ok || !again.ok) throw new Error('no signer');
    expect(made.value.algorithm).toBe('ecdsa-p256-sha256');
    expect(again.value.publicKey.equals(made.value.publicKey)).toBe(true);
    const exported = createPublicKey(readFileSync(join(folder, 'b/journal.pub.pem')));
    expect(exported.equals(made.value.publicKey)).toBe(true);
  });

  it('is refused where it is no P-256 key that may sign', () => {
    const other = { ...key, handle: '0x81010002' };
    const env = { ...process.env, TPM2TOOLS_TCTI: key.tcti };
    const context = join(folder, 'rsa.ctx');
    const made = spawnSync(
      'tpm2_createprimary',
      ['-Q', '-C', 'o', '-G', 'rsa2048', '-c', context],
      {
        env,
      },
    );
    expect(made.status).toBe(0);
    spawnSync('tpm2_evictcontrol', ['-Q', '-C', 'o', '-c', context, other.handle], { env });
    spawnSync('tpm2_flushcontext', ['-t'], { env });
    expect(openTpmSigner(other, { ...folders('c'), mayCreate: true })).toEqual({
      ok: false,
      error: { kind: 'tpmKeyUnsuitable', handle: other.handle },
    });
  });

  it('is said to be out of reach where no TPM answers', () => {
    const tcti = `swtpm:path=${join(folder, 'no.sock')}`;
    expect(openTpmSigner({ ...key, tcti }, { ...folders('d'), mayCreate: true })).toEqual({
      ok: false,
      error: { kind: 'tpmUnavailable', tcti },
    });
  });

  it('signs a journal that both verifiers find whole, and whose changed signature both find', async () => {
    const data = join(folder, 'data');
    const options: RecordOptions = {
      reserveBytes: 0,
      terminalId: TERMINAL,
      signer: { signer: 'tpm', tpmTcti: key.tcti, tpmHandle: key.handle },
    };
    const opened = openRecord(data, { ...options, clock: systemClock });
    if (!opened.ok) throw new Error(opened.error.kind);
    const { journal, folder: store } = opened.value;
    await journal.append({ events: [started] });
    await recordAttempt(journal);
    // While the TPM works the event loop is free: other rows are asked for at the same time.
    const last = await Promise.all([
      journal.append({ events: [touched()], checkpoint: true }),
      journal.append({ events: [touched()] }),
    ]);
    const [{ head }] = last;
    const publicKey = createPublicKey(readFileSync(join(data, 'keys/journal.pub.pem')));
    if (head === null) throw new Error('no checkpoint');
    expect(head.algorithm).toBe('ecdsa-p256-sha256');
    expect(Buffer.from(head.signature, 'base64')).toHaveLength(64);
    expect(headIsSignedBy(head, publicKey)).toBe(true);
    expect(journal.verify([head])).toMatchObject({ firstBreak: null, anchoredThrough: head.size });
    store.journal.pragma('wal_checkpoint(TRUNCATE)');
    const file = join(data, 'journal.db');
    expect(verifyFile(file, publicKey, [head])).toMatchObject({ verdict: 'valid' });
    // r and s changed places: the right length, and no signature.
    store.journal.run(
      `UPDATE checkpoints SET signature =
         CAST(substr(signature, 33) || substr(signature, 1, 32) AS BLOB) WHERE size = 1`,
    );
    store.close();
    const reader = openReadOnly(file);
    if (!reader.ok) throw new Error(reader.error.kind);
    const report = verifyJournal(reader.value, { publicKey, anchors: [] });
    expect(report.firstBreak).toMatchObject({ reason: 'checkpointSignature', seq: 1 });
    reader.value.close();
    expect(verifyFile(file, publicKey)).toMatchObject({ verdict: 'broken', at: 1n });
  });

  it('refuses a journal that a key in a file had signed', async () => {
    const data = join(folder, 'changed');
    const file: RecordOptions = { reserveBytes: 0, terminalId: TERMINAL };
    const before = openRecord(data, { ...file, clock: systemClock });
    if (!before.ok) throw new Error(before.error.kind);
    await before.value.journal.append({ events: [started] });
    before.value.folder.close();
    const signer = { signer: 'tpm', tpmTcti: key.tcti, tpmHandle: key.handle } as const;
    expect(openRecord(data, { ...file, signer, clock: systemClock })).toMatchObject({
      error: { kind: 'journal', error: { firstBreak: { reason: 'checkpointSignature' } } },
    });
  });

  it('that goes away stops the record, and the record goes on when it is back', async () => {
    const signer = { signer: 'tpm', tpmTcti: key.tcti, tpmHandle: key.handle } as const;
    const options = { reserveBytes: 0, terminalId: TERMINAL, signer, clock: systemClock };
    const opened = openRecord(join(folder, 'gone'), options);
    if (!opened.ok) throw new Error(opened.error.kind);
    const { journal, folder: store } = opened.value;
    await journal.append({ events: [started] });
    await stopTpm();
    const refused = journal.append({ events: [{ kind: 'core.stopped', reason: 'asked' }] });
    await expect(refused).rejects.toMatchObject({ kind: 'signerUnavailable' });
    expect(journal.size()).toBe(1);
    await startTpm();
    await journal.stop('asked');
    expect(journal.verify()).toMatchObject({ rows: 2, signedThrough: 2, firstBreak: null });
    store.close();
  });
});

describe('an ECDSA signature in DER', () => {
  const der = (r: readonly number[], s: readonly number[]): Uint8Array =>
    Uint8Array.from([0x30, r.length + s.length + 4, 2, r.length, ...r, 2, s.length, ...s]);

  it('becomes 64 bytes, whatever zeroes DER added or left out', () => {
    const high = [0, 0x80, ...Array<number>(31).fill(1)];
    const raw = rawFromDer(der(high, [5]));
    expect(raw).toHaveLength(64);
    expect(Buffer.from(raw ?? []).toString('hex')).toBe(`80${'01'.repeat(31)}${'00'.repeat(31)}05`);
  });

  it.each([
    ['nothing', new Uint8Array()],
    ['another tag', der([1], [1]).fill(0x31, 0, 1)],
    ['a length that is not its own', Uint8Array.from([0x30, 7, 2, 1, 1, 2, 1, 1])],
    ['a part that is too long', der(Array<number>(33).fill(1), [1])],
    ['something behind s', Uint8Array.from([0x30, 7, 2, 1, 1, 2, 1, 1, 0])],
  ])('with %s is none', (_, bytes) => {
    expect(rawFromDer(bytes)).toBeNull();
  });
});
