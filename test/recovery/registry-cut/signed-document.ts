import { applyAndApprove, findResidents } from '../../../scripts/stack/resident.ts';
import { Web } from '../../../scripts/stack/web.ts';
import { FakeClock } from '../../../src/base/fake-clock.ts';
import { newId } from '../../../src/base/ids.ts';
import { parseCollectionCode } from '../../../src/domain/collection-code.ts';
import type { HttpRegistry } from '../../../src/registry/http/http-registry.ts';
import type { PrintMaterial } from '../../../src/registry/ports.ts';
import { startCutLine } from './cut-line.ts';
import type { Cut, CuttingProxy, Direction } from './cutting-proxy.ts';

const soon = { deadlineMs: 10_000 };
/** Longer than any run of this takes in the time of the terminal, which passes so many times as fast as ours. */
const LEASE_MS = 30 * 86_400_000;
const FASTER = 20;
/** One in so many lines may be over before its cut. */
const SELDOM = 500;

/** A KK that is reserved for a terminal, at the other end of a line that can be cut. */
export interface SignedDocument {
  readonly proxy: CuttingProxy;
  readonly fetch: () => ReturnType<HttpRegistry['documents']['printMaterial']>;
  readonly stop: () => Promise<void>;
}

export async function reserveSignedDocument(): Promise<SignedDocument> {
  const clock = new FakeClock(Date.now());
  const pump = setInterval(() => clock.advance(FASTER), 1);
  const { running, proxy, adapter: registry, ...line } = await startCutLine(clock, LEASE_MS);
  const attemptId = await reserve(registry, new Web(running.frontUrl));
  return {
    proxy,
    fetch: () => registry.documents.printMaterial(attemptId, soon),
    stop: async () => {
      clearInterval(pump);
      await line.stop();
    },
  };
}

/** Applies for a KK, proves who asks for it and reserves it; returns the attempt. */
async function reserve(registry: HttpRegistry, front: Web): Promise<string> {
  const query = { familySize: '5', relationship: 'KEPALA KELUARGA', standing: 'ordinary' };
  const [head] = await findResidents({ front }, query);
  if (head === undefined) throw new Error('no family of five');
  const asked = { personId: head.personId, documentKind: 'kk', reason: 'first' } as const;
  const { requestId, collectionCode, printCode } = await applyAndApprove({ front }, asked);
  const code = parseCollectionCode(collectionCode);
  if (!code.ok) throw new Error('no collection code was sent');
  const claim = await registry.claimants.verify(
    { presented: { kind: 'code', code: code.value }, known: { kind: 'printCode', printCode } },
    { sessionId: newId('ses') },
    { ...soon, idempotencyKey: newId('try') },
  );
  if (!claim.ok) throw new Error(`no claim: ${claim.error.kind}`);
  const { claimToken } = claim.value;
  const attemptId = newId('att');
  const ask = { claimToken, requestId, attemptId, printCode: null };
  const reserved = await registry.requests.reserve(ask, soon);
  if (!reserved.ok) throw new Error(`not reserved: ${reserved.error.kind}`);
  return attemptId;
}

export interface SignedCutRun {
  readonly points: number;
  /** What was said was shorter this time, by the bytes of a number in it, than when it was measured. */
  readonly missed: number;
  readonly replyBytes: number;
  readonly violations: readonly string[];
}

/**
 * Cuts the call that brings a signed KK at every so many bytes, each way. It is one that may be repeated, so
 * that the adapter may bring the whole document all the same; what it brings must be the same to the byte.
 * Where it brings none it must say that no answer came, and the next call must bring it.
 */
export async function cutSignedDocument(
  stride: number,
  say: (line: string) => void = () => undefined,
): Promise<SignedCutRun> {
  const document = await reserveSignedDocument();
  const { proxy } = document;
  const violations: string[] = [];
  const broke = (text: string): void => {
    violations.push(text);
    say(text);
  };
  let points = 0;
  let missed = 0;
  try {
    const whole = pdfOf(await document.fetch());
    const sizes = await sizesOf(document);
    for (const direction of ['request', 'reply'] as const) {
      const first = Math.floor(Math.min(stride, sizes[direction]) / 2);
      for (let at = first; at < sizes[direction]; at += stride) {
        // An orderly end and a broken line look different to who reads: one after the other, byte by byte.
        const manner = at % 2 === 0 ? 'reset' : 'halfClose';
        const where = `${manner} at ${direction} byte ${at}`;
        const answer = await cutOnce(proxy, { direction, at, manner }, document.fetch);
        const struck = proxy.strikes > 0;
        if (!answer.ok && answer.error.kind !== 'noAnswer' && answer.error.kind !== 'unreachable') {
          broke(`${where}: ${answer.error.kind}`);
        }
        const came = answer.ok ? answer : await document.fetch();
        if (pdfOf(came) !== whole) broke(`${where}: another document came`);
        if (struck) points += 1;
        else missed += 1;
        if (points % 5_000 === 0) say(`${points} cuts of the signed KK`);
      }
    }
    if (missed * SELDOM > points) broke(`${missed} lines were over before they could be cut`);
    return { points, missed, replyBytes: sizes.reply, violations };
  } finally {
    await document.stop();
  }
}

/** Of one call on a fresh line, whose handshake resumes an earlier session. */
async function sizesOf({ proxy, fetch }: SignedDocument): Promise<Record<Direction, number>> {
  await proxy.hangUp();
  proxy.aim(null);
  pdfOf(await fetch());
  return { ...proxy.counted };
}

async function cutOnce<T>(proxy: CuttingProxy, cut: Cut, call: () => Promise<T>): Promise<T> {
  await proxy.hangUp();
  proxy.strikes = 0;
  proxy.aim(cut);
  const answer = await call();
  proxy.aim(null);
  return answer;
}

function pdfOf(
  answer: { readonly ok: true; readonly value: PrintMaterial } | { readonly ok: false },
): string {
  if (!answer.ok || answer.value.media !== 'plainPaper')
    throw new Error('a whole line brings no KK');
  return answer.value.pdfBase64;
}
