import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '../../../src/base/ids.ts';
import { sources } from '../../../src/registry/osia/biographic.ts';
import type { OsiaRegistry } from '../../../src/registry/osia/osia-registry.ts';
import {
  byCode,
  keyed,
  reserveByCode,
  session,
  soon,
} from '../../conformance/registry-under-test.ts';
import { httpAnswer, LyingRegistry, type Lie } from '../support/lying-registry.ts';
import type { Body } from './cms-store.ts';
import { OsiaBench } from './osia-bench.ts';

let bench: OsiaBench;
let lying: LyingRegistry;
let registry: OsiaRegistry;
let good: Body;

beforeAll(async () => {
  bench = await OsiaBench.start();
  lying = await LyingRegistry.start(bench.pki);
  registry = await bench.terminal('T-BRAVE', { cmsUrl: lying.url });
  good = bench.store.read(bench.ready('ktpEl').requestId)?.request ?? {};
  delete good['credentialRequestId'];
});
afterEach(() => {
  expect(bench.server.faults).toEqual([]);
});
afterAll(async () => {
  await lying.stop();
  await bench.stop();
});

const read = (deadlineMs = 5000) =>
  registry.requests.readReservation('att_1', { deadlineMs, requestId: 'req_1' });
const told = (body: string, headers: Record<string, string> = { etag: '"1"' }) =>
  httpAnswer(body, { headers });
const goodWith =
  (change: Body, headers?: Record<string, string>): Lie =>
  (socket) =>
    told(JSON.stringify({ ...good, ...change }), headers)(socket);
const requestDataWith =
  (change: Body): Lie =>
  (socket) =>
    goodWith({ requestData: { ...(good['requestData'] as Body), ...change } })(socket);

describe('an answer that breaks the contract', () => {
  it.each<[string, Lie, string]>([
    ['a redirect', httpAnswer('', { status: '302 Found', headers: { location: '/' } }), 'redirect'],
    ['a page', told('<p>', { 'content-type': 'text/html' }), 'content-type'],
    ['compression', told('{}', { 'content-encoding': 'gzip' }), 'content-encoding'],
    ['ten announced megabytes', told('', { 'content-length': '10000000' }), 'answer too long'],
    [
      'ten megabytes where only the status speaks',
      httpAnswer('', { status: '404 No', headers: { 'content-length': '10000000' } }),
      'answer too long',
    ],
    ['a name twice', told('{"status":"PENDING","status":"ISSUED"}'), 'duplicateKey'],
    ['__proto__', told('{"__proto__":{}}'), 'forbiddenKey'],
    ['ten thousand brackets', told('['.repeat(10_000)), 'tooDeep'],
    ['an unknown status code', httpAnswer('{}', { status: '201 Created' }), 'status 201'],
    ['an unknown member', goodWith({ printed: true }), 'answer of another shape'],
    [
      'an unknown member of the request data',
      requestDataWith({ lock: 1 }),
      'answer of another shape',
    ],
    ['another request', goodWith({ credentialRequestId: 'req_2' }), 'answer about another request'],
    ['no entity tag', goodWith({}, {}), 'no entity tag'],
    ['a weak entity tag', goodWith({}, { etag: 'W/"1"' }), 'no entity tag'],
    [
      'a profile that nobody agreed on',
      requestDataWith({ credentialProfileId: 'PASSPORT' }),
      'credential profile that nobody agreed on',
    ],
  ])('%s is nonsense, and is not asked for again', async (_, lie, detail) => {
    lying.tell(lie);
    expect(await read()).toEqual({ ok: false, error: { kind: 'nonsense', detail } });
    expect(lying.requests).toBe(1);
  });

  it('is told from a good answer by nothing else', async () => {
    lying.tell(goodWith({}));
    expect(await read()).toEqual({ ok: false, error: { kind: 'unknownReservation' } });
  });

  it.each(['500 Oops', '429 Slow Down'])(
    '%s is no answer, and is tried three times',
    async (status) => {
      lying.tell(httpAnswer('{}', { status }));
      expect(await read()).toEqual({ ok: false, error: { kind: 'noAnswer' } });
      expect(lying.requests).toBe(3);
    },
  );

  it('silence is no answer at the deadline', async () => {
    lying.tell(() => undefined);
    expect(await read(300)).toEqual({ ok: false, error: { kind: 'noAnswer' } });
  });
});

describe('a word that OSIA does not have', () => {
  it('parks the request: it is listed for people, and reserved for nobody', async () => {
    lying.tell(goodWith({ status: 'READY' }));
    const card = bench.ready('ktpEl');
    bench.store.attributes.set(
      String(good['personId']),
      new Map([[`printCode.${card.requestId}`, card.printCode]]),
    );
    const claim = await registry.claimants.verify(byCode(card), session(), keyed());
    if (!claim.ok) throw new Error(claim.error.kind);
    const { claimToken } = claim.value;
    expect(await registry.requests.list(claimToken, soon)).toMatchObject({
      value: [{ state: 'perluPeriksa' }],
    });
    const ask = { claimToken, requestId: card.requestId, attemptId: newId('att'), printCode: null };
    expect(await registry.requests.reserve(ask, soon)).toEqual({
      ok: false,
      error: { kind: 'notReady' },
    });
  });
});

describe('a document', () => {
  async function material(kind: 'ktpEl' | 'kia', change: (request: Body) => Body) {
    const honest = await bench.terminal('T-HONEST');
    const card = bench.ready(kind, change);
    const attemptId = newId('att');
    await reserveByCode(honest, card, attemptId);
    return honest.documents.printMaterial(attemptId, soon);
  }
  const without = (attribute: string) => (request: Body) => {
    const attributes = Object.entries(request['biographicData'] as Body);
    const biographicData = Object.fromEntries(attributes.filter(([name]) => name !== attribute));
    return { ...request, biographicData };
  };
  const attributes = (['ktpEl', 'kia'] as const).flatMap((kind) =>
    Object.values(sources[kind]).map(({ attribute }) => [kind, attribute] as const),
  );

  it.each(attributes)('%s without %s is incomplete, and says so', async (kind, attribute) => {
    // An agency that has no name of somebody cannot list them either; the material is what is asked here.
    expect(await material(kind, without(attribute))).toEqual({
      ok: false,
      error: { kind: 'incompleteDocument', missing: [attribute] },
    });
  });

  it.each(['ktpEl', 'kia'] as const)('%s is read as it is to be printed', async (kind) => {
    const got = await material(kind, (request) => request);
    if (!got.ok || got.value.media !== 'controlledBlank') throw new Error('no material');
    const { fields } = got.value;
    expect(fields).toMatchObject({
      documentKind: kind,
      birthDate: '15-06-1990',
      sex: 'LAKI-LAKI',
      issueDate: '05-01-2026',
      validUntil: kind === 'ktpEl' ? 'SEUMUR HIDUP' : '15-06-2030',
    });
    expect(JSON.stringify(fields)).not.toContain('NOT PRINTED');
  });

  it('has a photo and fingers by the names of OSIA', async () => {
    const finger = {
      biometricType: 'FINGER',
      biometricSubType: 'RIGHT_INDEX',
      templateFormat: 'ISO_19794_2_CS',
      template: 'QUJD',
    };
    const face = { biometricType: 'FACE', mimeType: 'image/jpeg', image: 'QUJD' };
    const got = await material('ktpEl', (one) => ({ ...one, biometricData: [face, finger] }));
    expect(got).toMatchObject({
      value: {
        photoJpegBase64: 'QUJD',
        fingerprints: [
          { finger: 'rightIndex', format: 'iso19794-2-compact', templateBase64: 'QUJD' },
        ],
      },
    });
    const iris = { biometricType: 'IRIS' };
    expect(await material('ktpEl', (one) => ({ ...one, biometricData: [iris] }))).toMatchObject({
      error: { kind: 'nonsense', detail: 'biometric data that no card holds' },
    });
  });

  it('of a family is neither listed nor reserved', async () => {
    const honest = await bench.terminal('T-HONEST');
    const kk = bench.ready('kk');
    const claim = await honest.claimants.verify(byCode(kk), session(), keyed());
    if (!claim.ok) throw new Error(claim.error.kind);
    expect(await honest.requests.list(claim.value.claimToken, soon)).toEqual({
      ok: true,
      value: [],
    });
    await expect(reserveByCode(honest, kk, newId('att'))).rejects.toThrow('notReady');
  });
});

describe('tries', () => {
  it('are three a session, then a wait for the document, which doubles', async () => {
    const honest = await bench.terminal('T-TRIES');
    const card = bench.ready('ktpEl');
    const wrong = {
      ...byCode(card),
      known: { kind: 'printCode', printCode: '00000000' } as const,
    };
    const answers: unknown[] = [];
    for (const opened of [session(), session()]) {
      for (let tried = 0; tried < 4; tried += 1) {
        const answer = await honest.claimants.verify(wrong, opened, keyed());
        answers.push(answer.ok ? 'claim' : answer.error);
      }
    }
    const refused = (triesLeft: number | null) => ({ kind: 'refused', triesLeft });
    expect(answers).toEqual([
      refused(2),
      refused(1),
      refused(0),
      refused(0),
      refused(2),
      refused(null),
      { kind: 'waitBeforeRetry', waitSeconds: 15 },
      { kind: 'waitBeforeRetry', waitSeconds: 15 },
    ]);
  });
});
