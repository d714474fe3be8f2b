import { readFileSync } from 'node:fs';
import { X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JWK } from 'jose';
import { newId } from '../../../src/base/ids.ts';
import { checkPrintOrder, type PrintContent } from '../../../src/documents/order-digest.ts';
import { verifySignedPdf } from '../../../src/documents/signature/verify.ts';
import type { HttpRegistry } from '../../../src/registry/http/http-registry.ts';
import type { PrintMaterial } from '../../../src/registry/ports.ts';
import { reserveByCode } from '../../conformance/registry-under-test.ts';
import { RegistryBench, type ReadyRequest } from '../support/registry-bench.ts';

let bench: RegistryBench;
let terminal: HttpRegistry;
beforeAll(async () => {
  bench = await RegistryBench.start();
  terminal = await bench.terminal('T-1');
});
afterAll(() => bench.stop());

const soon = { deadlineMs: 20_000 };

interface Fetched {
  readonly material: PrintMaterial;
  readonly attemptId: string;
}

async function fetchFor(request: ReadyRequest): Promise<Fetched> {
  const attemptId = newId('att');
  await reserveByCode(terminal, request, attemptId);
  const material = await terminal.documents.printMaterial(attemptId, soon);
  if (!material.ok) throw new Error(material.error.kind);
  return { material: material.value, attemptId };
}

function contentOf(material: PrintMaterial): PrintContent {
  if (material.media === 'plainPaper') return { pdf: Buffer.from(material.pdfBase64, 'base64') };
  const { fields, photoJpegBase64, fingerprints } = material;
  return {
    fields,
    fingerprints,
    photo: photoJpegBase64 === null ? null : Buffer.from(photoJpegBase64, 'base64'),
  };
}

const checkOrder = (request: ReadyRequest, { material, attemptId }: Fetched) =>
  checkPrintOrder({
    jws: material.orderJws,
    publicJwk: JSON.parse(readFileSync(bench.pki.orderPublicKey, 'utf8')) as JWK,
    expected: { terminalId: 'T-1', requestId: request.requestId, attemptId, mode: 'specimen' },
    content: contentOf(material),
    nowSeconds: Date.now() / 1000,
  });

function checkPdf({ material }: Fetched, expectedPages: number) {
  if (material.media !== 'plainPaper') throw new Error('not a KK');
  return verifySignedPdf(new Uint8Array(Buffer.from(material.pdfBase64, 'base64')), {
    trustAnchorsDer: [new X509Certificate(readFileSync(bench.pki.kkCaCert)).raw],
    expectedPages,
    mode: 'specimen',
    nowMs: Date.now(),
    revocation: 'required',
  });
}

describe('print material that the terminal accepts', () => {
  it.each([
    ['a KTP-el', 'ktpEl', 'minAge=25&relationship=ISTRI', true],
    ['a KIA under five', 'kia', 'maxAge=4&relationship=ANAK', false],
    ['a KIA from five', 'kia', 'minAge=5&maxAge=15&relationship=ANAK', true],
  ] as const)('for %s: a valid order, a photo or none', async (_, documentKind, who, hasPhoto) => {
    const request = await bench.ready({ documentKind, subject: await bench.person(who) });
    const fetched = await fetchFor(request);
    const order = await checkOrder(request, fetched);
    expect(order).toMatchObject({ ok: true, value: { documentKind, pages: null } });
    expect(order.ok && order.value.photoDigest !== null).toBe(hasPhoto);
    expect(fetched.material).toMatchObject({
      fields: { nik: request.subject.nik, name: request.subject.name },
    });
  });

  it('for somebody whose fingers were recorded: they go onto the chip, and one is waited for', async () => {
    const subject = await bench.person('minAge=25&relationship=KEPALA%20KELUARGA');
    const record = (finger: string, templateBase64: string) =>
      bench.front(`/people/${subject.personId}/fingerprints`, {
        finger,
        format: 'iso19794-2',
        templateBase64,
      });
    await record('leftThumb', 'AAAA');
    await record('leftIndex', 'BBBB');
    await record('rightIndex', 'CCCC');
    await record('rightIndex', 'DDDD');
    const card = await bench.ready({ documentKind: 'ktpEl', subject });
    const fetched = await fetchFor(card);
    expect(fetched.material).toMatchObject({
      fingerprints: [
        { finger: 'rightIndex', templateBase64: 'DDDD' },
        { finger: 'leftIndex', templateBase64: 'BBBB' },
      ],
    });
    expect(await checkOrder(card, fetched)).toMatchObject({
      ok: true,
      value: { holderCheck: 'fingerprint' },
    });
    const paper = await bench.ready({ documentKind: 'kk', subject });
    expect(await checkOrder(paper, await fetchFor(paper))).toMatchObject({
      ok: true,
      value: { holderCheck: 'notRequired', fingerprintsDigest: null },
    });
  });

  it("for a foreign resident's KTP-el names the other blank", async () => {
    const subject = await bench.person('relationship=SUAMI');
    const request = await bench.ready({ documentKind: 'ktpEl', subject });
    const order = await checkOrder(request, await fetchFor(request));
    expect(order).toMatchObject({ ok: true, value: { blankKind: 'ktpElWna' } });
  });

  it.each([1, 11, 30])('for the KK of %i: a PDF signed over the whole file', async (familySize) => {
    const head = await bench.person(`familySize=${familySize}&relationship=KEPALA%20KELUARGA`);
    const request = await bench.ready({ documentKind: 'kk', subject: head });
    const fetched = await fetchFor(request);
    const pages = Math.ceil(familySize / 10);
    expect(await checkOrder(request, fetched)).toMatchObject({ ok: true, value: { pages } });
    expect(await checkPdf(fetched, pages)).toMatchObject({ ok: true, value: { pages } });
  });

  it('is the same when fetched again', async () => {
    const request = await bench.ready({ documentKind: 'ktpEl' });
    const { material, attemptId } = await fetchFor(request);
    expect(await terminal.documents.printMaterial(attemptId, soon)).toEqual({
      ok: true,
      value: material,
    });
  });
});

describe('a KK while the signing service is down', () => {
  it('is listed as ready, is not signed yet, and is signed once the service is back', async () => {
    await bench.setFaults({ signingDown: true });
    const request = await bench.ready({ documentKind: 'kk' });
    const attemptId = newId('att');
    const { claimToken } = await reserveByCode(terminal, request, attemptId);
    expect(await terminal.documents.printMaterial(attemptId, soon)).toEqual({
      ok: false,
      error: { kind: 'notSignedYet' },
    });
    const listed = await terminal.requests.list(claimToken, soon);
    expect(listed).toMatchObject({ value: [{ state: 'dipesan', pages: null }] });
    await bench.setFaults({ signingDown: false });
    const material = await terminal.documents.printMaterial(attemptId, soon);
    expect(material).toMatchObject({ ok: true, value: { media: 'plainPaper' } });
  });
});

describe('the switches that alter material', () => {
  it('break the order so that its signature fails', async () => {
    const request = await bench.ready({ documentKind: 'ktpEl' });
    await bench.setFaults({ alterOrderByte: true });
    const fetched = await fetchFor(request);
    await bench.setFaults({ alterOrderByte: false });
    expect(await checkOrder(request, fetched)).toMatchObject({ error: { kind: 'badSignature' } });
  });

  it('break a field so that the digest fails', async () => {
    const request = await bench.ready({ documentKind: 'ktpEl' });
    await bench.setFaults({ alterField: true });
    const fetched = await fetchFor(request);
    await bench.setFaults({ alterField: false });
    expect(await checkOrder(request, fetched)).toMatchObject({ error: { kind: 'contentAltered' } });
  });

  it('break the PDF on its way, or before the order so that only its own signature tells', async () => {
    const request = await bench.ready({ documentKind: 'kk' });
    await bench.setFaults({ alterPdfByte: true });
    const fetched = await fetchFor(request);
    expect(await checkOrder(request, fetched)).toMatchObject({ error: { kind: 'contentAltered' } });
    await bench.setFaults({ alterPdfByte: false, alterPdfByteUnderOrder: true });
    const { attemptId } = fetched;
    const again = await terminal.documents.printMaterial(attemptId, soon);
    await bench.setFaults({ alterPdfByteUnderOrder: false });
    if (!again.ok) throw new Error(again.error.kind);
    const altered = { material: again.value, attemptId };
    expect(await checkOrder(request, altered)).toMatchObject({ ok: true });
    expect(await checkPdf(altered, 1)).toMatchObject({ ok: false });
  });
});

describe('the switches that disturb the service', () => {
  it('make it unreachable, nonsensical or mute, and let it recover', async () => {
    const read = () => terminal.requests.readReservation('att_1', { deadlineMs: 1500 });
    const kind = async () => {
      const result = await read();
      return result.ok ? 'ok' : result.error.kind;
    };
    expect(await kind()).toBe('unknownReservation');
    await bench.setFaults({ registryDown: true });
    expect(await kind()).toBe('unreachable');
    await bench.setFaults({ registryDown: false, nonsense: true });
    expect(await kind()).toBe('nonsense');
    await bench.setFaults({ nonsense: false, slow: true });
    expect(await kind()).toBe('noAnswer');
    await bench.setFaults({ slow: false, loseNextAnswers: 1 });
    expect(await kind()).toBe('unknownReservation');
    expect(bench.running.faults.now.loseNextAnswers).toBe(0);
  });
});
