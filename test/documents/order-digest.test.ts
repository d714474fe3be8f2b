import type { webcrypto } from 'node:crypto';
import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { CompactSign, exportJWK, generateKeyPair, type JWK } from 'jose';
import {
  cardContentDigest,
  fingerprintsDigest,
  checkPrintOrder,
  pdfDigest,
  photoDigest,
  type PrintContent,
} from '../../src/documents/order-digest.ts';
import { drawnPhoto } from '../../src/documents/photo/drawn-photo.ts';
import type { PrintOrder } from '../../src/domain/print-order.ts';
import { kiaOf, ktpElOf } from './sample-people.ts';

jest.setTimeout(60_000);

const fields = ktpElOf();
const photo = drawnPhoto({ seed: 'contoh', birthYear: 1990 });
const expected = {
  terminalId: 'trm_1',
  requestId: 'req_1',
  attemptId: 'att_1',
  mode: 'specimen',
} as const;
const fingerprints: readonly { finger: string; format: string; templateBase64: string }[] = [];
const nowSeconds = 1_800_000_000;
const order: PrintOrder = {
  typ: 'anjungan.printOrder.1',
  ...expected,
  documentKind: 'ktpEl',
  blankKind: 'ktpEl',
  oldCard: 'none',
  contentDigest: cardContentDigest(fields),
  photoDigest: photoDigest(photo),
  fingerprintsDigest: null,
  holderCheck: 'notRequired',
  pages: null,
  issuingOffice: 'Lamongan',
  expiresAt: nowSeconds + 60,
};

let privateKey: webcrypto.CryptoKey;
let publicJwk: JWK;

beforeAll(async () => {
  const pair = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  privateKey = pair.privateKey;
  publicJwk = await exportJWK(pair.publicKey);
});

const signed = (payload: unknown, key = privateKey, alg = 'EdDSA'): Promise<string> =>
  new CompactSign(new TextEncoder().encode(JSON.stringify(payload)))
    .setProtectedHeader({ alg })
    .sign(key);

interface Trial {
  readonly order?: Readonly<Record<string, unknown>>;
  readonly expected?: Partial<Record<keyof typeof expected, string>>;
  readonly content?: PrintContent;
  readonly jws?: string;
  readonly nowSeconds?: number;
}

async function verdict(trial: Trial = {}): Promise<string> {
  const result = await checkPrintOrder({
    jws: trial.jws ?? (await signed({ ...order, ...trial.order })),
    publicJwk,
    expected: { ...expected, ...trial.expected } as typeof expected,
    content: trial.content ?? { fields, photo, fingerprints },
    nowSeconds: trial.nowSeconds ?? nowSeconds,
  });
  return result.ok ? 'valid' : result.error.kind;
}

describe('a print order', () => {
  it('is accepted for the content, terminal and attempt it was made for', async () => {
    expect(await verdict()).toBe('valid');
    const kia = kiaOf();
    const changes = {
      documentKind: 'kia',
      blankKind: 'kia',
      contentDigest: cardContentDigest(kia),
    };
    expect(await verdict({ order: changes, content: { fields: kia, photo, fingerprints } })).toBe(
      'valid',
    );
    const pdf = new TextEncoder().encode('%PDF-1.7');
    const paper = { documentKind: 'kk', blankKind: null, photoDigest: null, pages: 1 };
    const forPdf = { ...paper, contentDigest: pdfDigest(pdf) };
    expect(await verdict({ order: forPdf, content: { pdf } })).toBe('valid');
  });

  it.each([
    ['another terminal', { terminalId: 'trm_2' }, 'wrongTerminal'],
    ['another request', { requestId: 'req_2' }, 'wrongRequest'],
    ['another attempt', { attemptId: 'att_2' }, 'wrongAttempt'],
    ['another mode', { mode: 'live' }, 'wrongMode'],
    ['another document', { documentKind: 'kia', blankKind: 'kia' }, 'wrongKind'],
    ['the blanks of foreign residents', { blankKind: 'ktpElWna' }, 'wrongBlank'],
    ['no blank at all', { blankKind: null }, 'wrongBlank'],
    ['no photo', { photoDigest: null }, 'photoAltered'],
    ['a field too many', { extra: 1 }, 'malformed'],
    ['another type of message', { typ: 'anjungan.printOrder.2' }, 'malformed'],
  ])('is refused when it is for %s', async (_what, changes, kind) => {
    expect(await verdict({ order: changes })).toBe(kind);
  });

  it('is refused from the second at which it expires', async () => {
    expect(await verdict({ nowSeconds: order.expiresAt - 1 })).toBe('valid');
    expect(await verdict({ nowSeconds: order.expiresAt })).toBe('expired');
  });

  it('is refused with one character of it altered anywhere', async () => {
    const jws = await signed(order);
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    for (let at = 0; at < jws.length; at += 1) {
      // The highest bit of a base64url character: the lowest ones of the last may carry nothing.
      const other = alphabet.charAt(alphabet.indexOf(jws.charAt(at)) ^ 32);
      const altered = jws.slice(0, at) + other + jws.slice(at + 1);
      expect(await verdict({ jws: altered })).not.toBe('valid');
    }
    expect(await verdict({ jws: 'not a token' })).toBe('malformed');
  });

  it('is refused with another key, another algorithm or none', async () => {
    const stranger = await generateKeyPair('EdDSA', { crv: 'Ed25519' });
    expect(await verdict({ jws: await signed(order, stranger.privateKey) })).toBe('badSignature');
    const ec = await generateKeyPair('ES256');
    expect(await verdict({ jws: await signed(order, ec.privateKey, 'ES256') })).toBe(
      'badSignature',
    );
    const [, payload = ''] = (await signed(order)).split('.');
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    expect(await verdict({ jws: `${none}.${payload}.` })).not.toBe('valid');
  });

  it('is refused when any field, the photo or the PDF is not what it covers', async () => {
    for (const name of ['name', 'address', 'birthPlace', 'occupation', 'issueDate'] as const) {
      const value = name === 'issueDate' ? '06-01-2026' : `${fields[name]} `;
      const changed = { ...fields, [name]: value };
      expect(await verdict({ content: { fields: changed, photo, fingerprints } })).toBe(
        'contentAltered',
      );
    }
    const retouched = photo.slice();
    retouched[500] = (retouched[500] ?? 0) ^ 1;
    expect(await verdict({ content: { fields, photo: retouched, fingerprints } })).toBe(
      'photoAltered',
    );
    expect(await verdict({ content: { fields, photo: null, fingerprints } })).toBe('photoAltered');
    const pdf = new TextEncoder().encode('%PDF-1.7');
    const paper = { documentKind: 'kk', blankKind: null, photoDigest: null, pages: 1 };
    const forPdf = { ...paper, contentDigest: pdfDigest(pdf) };
    const other = new TextEncoder().encode('%PDF-1.6');
    expect(await verdict({ order: forPdf, content: { pdf: other } })).toBe('contentAltered');
  });

  it('covers the fingers that go onto the chip, their order and their form', async () => {
    const right = { finger: 'rightIndex', format: 'iso19794-2', templateBase64: 'AAAA' };
    const left = { ...right, finger: 'leftIndex', templateBase64: 'BBBB' };
    const covered = { fingerprintsDigest: fingerprintsDigest([right, left]) };
    const given = (list: readonly (typeof right)[]) =>
      verdict({ order: covered, content: { fields, photo, fingerprints: list } });
    expect(await given([right, left])).toBe('valid');
    for (const other of [
      [left, right],
      [right],
      [],
      [right, { ...left, templateBase64: 'BBBA' }],
      [right, { ...left, format: 'iso19794-2-compact' }],
      [right, { ...left, finger: 'leftThumb' }],
    ]) {
      expect(await given(other)).toBe('fingerprintsAltered');
    }
    expect(await verdict({ content: { fields, photo, fingerprints: [right] } })).toBe(
      'fingerprintsAltered',
    );
  });

  it('asks nobody for a finger but the holder of a KTP-el, and in live mode never does without', async () => {
    expect(await verdict({ order: { holderCheck: 'fingerprint' } })).toBe('valid');
    const live = { order: { mode: 'live' }, expected: { mode: 'live' } };
    expect(await verdict(live)).toBe('wrongHolderCheck');
    const pdf = new TextEncoder().encode('%PDF-1.7');
    const paper = { documentKind: 'kk', blankKind: null, photoDigest: null, pages: 1 };
    const forPdf = { ...paper, contentDigest: pdfDigest(pdf), holderCheck: 'fingerprint' };
    expect(await verdict({ order: forPdf, content: { pdf } })).toBe('wrongHolderCheck');
  });

  it('is refused with a number of the other mode, however well signed', async () => {
    const live = ktpElOf({ nik: '9801125203900001' });
    const changes = { contentDigest: cardContentDigest(live) };
    const trial = { order: changes, content: { fields: live, photo, fingerprints } };
    expect(await verdict(trial)).toBe('liveNumberInSpecimen');
    const inLive = {
      order: { mode: 'live', holderCheck: 'fingerprint' },
      expected: { mode: 'live' },
    };
    expect(await verdict(inLive)).toBe('specimenNumberInLive');
  });
});
