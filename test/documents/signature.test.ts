import 'reflect-metadata';
import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import * as x509 from '@peculiar/x509';
import type { DrawingItem } from '../../src/documents/drawing-list.ts';
import { composeKk } from '../../src/documents/kk/compose-kk.ts';
import { renderPdf } from '../../src/documents/render/pdf.ts';
import {
  readCertificate,
  type ReadCertificate,
} from '../../src/documents/signature/certificate.ts';
import { validateChain } from '../../src/documents/signature/chain.ts';
import { verifyCms } from '../../src/documents/signature/cms.ts';
import { findSignedRange } from '../../src/documents/signature/signed-range.ts';
import { signPdf, type PdfSigner } from '../../src/documents/signature/sign.ts';
import {
  verifySignedPdf,
  type SignedPdfExpectation,
} from '../../src/documents/signature/verify.ts';
import { specimenMark } from '../../src/documents/specimen/mark.ts';
import { poppler } from './poppler.ts';
import { familyOf } from './sample-people.ts';
import { NOW, testAuthority, type LeafChanges, type TestAuthority } from './test-authority.ts';

// Key generation and many verdicts in one test take their time on a busy machine.
jest.setTimeout(60_000);

let authority: TestAuthority;
let signer: PdfSigner;
let kk: Uint8Array;
let signed: Uint8Array;

beforeAll(async () => {
  authority = await testAuthority();
  signer = await authority.issue();
  kk = await composeKk(familyOf(11), { mode: 'specimen' });
  signed = await sign(kk, signer);
});

const sign = (pdf: Uint8Array, by: PdfSigner): Promise<Uint8Array> =>
  signPdf(pdf, by, {
    signerName: 'Pejabat Spesimen',
    reason: 'Penerbitan KK',
    location: 'Lamongan',
    contact: 'dinas@contoh.invalid',
    signingTime: NOW,
  });

async function verdict(
  pdf: Uint8Array,
  changes: Partial<SignedPdfExpectation> = {},
): Promise<unknown> {
  const result = await verifySignedPdf(pdf, {
    trustAnchorsDer: [authority.caDer],
    expectedPages: 2,
    mode: 'specimen',
    nowMs: NOW.getTime(),
    ...changes,
  });
  return result.ok ? 'valid' : result.error;
}

const kindOf = async (...args: Parameters<typeof verdict>): Promise<unknown> => {
  const answer = await verdict(...args);
  return typeof answer === 'object' && answer !== null && 'kind' in answer ? answer.kind : answer;
};

function anchors(): ReadCertificate[] {
  const anchor = readCertificate(authority.caDer);
  return anchor === null ? [] : [anchor];
}

const text = (pdf: Uint8Array): string => Buffer.from(pdf).toString('latin1');
const bytes = (latin1: string): Uint8Array => new Uint8Array(Buffer.from(latin1, 'latin1'));

function flipped(pdf: Uint8Array, at: number, mask = 0x01): Uint8Array {
  const copy = pdf.slice();
  copy[at] = (copy[at] ?? 0) ^ mask;
  return copy;
}

function contentsOf(pdf: Uint8Array): { start: number; end: number; cms: Buffer } {
  const start = text(pdf).indexOf('/Contents <') + '/Contents <'.length;
  const end = text(pdf).indexOf('>', start);
  return { start, end, cms: Buffer.from(text(pdf).slice(start, end), 'hex') };
}

/** The number of bytes the CMS structure takes without its padding. */
const derLength = (cms: Buffer): number => 4 + cms.readUInt16BE(2);

describe('a KK signed by the registry', () => {
  it('is accepted, with its digest and the name of its signer', async () => {
    const result = await verifySignedPdf(signed, {
      trustAnchorsDer: [authority.caDer],
      expectedPages: 2,
      mode: 'specimen',
      nowMs: NOW.getTime(),
    });
    if (!result.ok) throw new Error(result.error.kind);
    expect(result.value).toMatchObject({ pages: 2, signerName: 'Pejabat Spesimen' });
    expect(result.value.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is accepted as a Buffer, which is what comes out of base64, and left unaltered by it', async () => {
    const received = Buffer.from(Buffer.from(signed).toString('base64'), 'base64');
    expect(await verdict(received)).toBe('valid');
    expect(received.equals(signed)).toBe(true);
  });

  it('is one valid signature over the whole document to pdfsig as well', () => {
    const said = poppler('pdfsig', signed, ['-nocert']);
    expect(said.match(/Signature #/g)).toHaveLength(1);
    expect(said).toContain('Signature Type: ETSI.CAdES.detached');
    expect(said).toContain('Total document signed');
    expect(said).toContain('Signature is Valid');
  });

  it('may be signed with RSA', async () => {
    const rsa = await sign(kk, await authority.issue({ algorithm: 'rsa' }));
    expect(await verdict(rsa)).toBe('valid');
    expect(poppler('pdfsig', rsa, ['-nocert'])).toContain('Signature is Valid');
  });
});

describe('a signed KK that was altered', () => {
  it('is refused with one byte flipped anywhere in what is signed', async () => {
    const { start, end } = contentsOf(signed);
    const places = Array.from({ length: 40 }, (_, index) =>
      Math.floor(((index + 0.5) * signed.length) / 40),
    ).filter((at) => at < start - 1 || at > end);
    expect(places.length).toBeGreaterThan(15);
    for (const at of [0, 8, ...places, start - 3, end + 2, signed.length - 1]) {
      expect(await kindOf(flipped(signed, at))).not.toBe('valid');
    }
    expect(await kindOf(flipped(signed, 2000))).toBe('digestMismatch');
    expect(poppler('pdfsig', flipped(signed, 2000), ['-nocert'])).not.toContain('is Valid');
  });

  it('is refused with a bit flipped in any third byte of the signature', async () => {
    const range = findSignedRange(signed);
    if (!range.ok) throw new Error(range.error.kind);
    const { start, cms } = contentsOf(signed);
    const accepted: number[] = [];
    // The parser throws some hundred errors here, and jest maps every stack back to its source.
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    for (let at = 0; at < derLength(cms); at += 3) {
      const contents = flipped(range.value.contents, at, 1 << (at % 8));
      const answer = verifyCms({ ...range.value, contents });
      const chain = answer.ok && validateChain(answer.value.signer, [], anchors(), NOW.getTime());
      if (chain !== false && chain.ok) accepted.push(at);
    }
    Error.stackTraceLimit = limit;
    expect(accepted).toEqual([]);
    expect(await kindOf(flipped(signed, start + 2 * derLength(cms) + 1))).toBe(
      'signatureMalformed',
    );
  });

  it('is refused with something appended, a comment or a whole revision', async () => {
    const revision = '\n1 0 obj\n<< >>\nendobj\nxref\n0 0\ntrailer\n<< >>\nstartxref\n9\n%%EOF\n';
    for (const more of ['\n', '%', revision]) {
      expect(await kindOf(bytes(text(signed) + more))).toBe('laterIncrement');
    }
    expect(poppler('pdfsig', bytes(text(signed) + revision), ['-nocert'])).not.toContain(
      'Total document signed',
    );
  });

  it('is refused with a byte range that leaves something out', async () => {
    const match = /\/ByteRange \[(\d+) (\d+) (\d+) (\d+)\]/.exec(text(signed));
    const [whole = '', , before = '', resume = '', after = ''] = match ?? [];
    const range = (...numbers: (string | number)[]): Uint8Array =>
      bytes(text(signed).replace(whole, `/ByteRange [${numbers.join(' ')}]`.padEnd(whole.length)));
    expect(await kindOf(range(1, Number(before) - 1, resume, after))).toBe('rangeIncomplete');
    expect(await kindOf(range(0, Number(before) - 8, resume, after))).toBe('rangeIncomplete');
    expect(await kindOf(range(0, before, resume, Number(after) - 1))).toBe('laterIncrement');
    expect(await kindOf(range(0, before, resume, Number(after) + 1))).toBe('rangeIncomplete');
  });

  it('is refused without a signature, or with two', async () => {
    expect(await kindOf(kk)).toBe('noSignature');
    expect(await kindOf(await sign(signed, signer))).toBe('severalSignatures');
  });

  it('is refused as something else than a PAdES signature', async () => {
    const other = text(signed).replace('/ETSI.CAdES.detached', '/adbe.pkcs7.detached');
    expect(await kindOf(bytes(other))).toBe('wrongSubFilter');
    expect(await kindOf(bytes('hello'))).toBe('notAPdf');
    expect(await kindOf(new Uint8Array(5 * 1024 * 1024 + 1))).toBe('tooLarge');
  });

  it('is refused when the certificate inside is exchanged for its twin', async () => {
    // The same key and names under another serial number: only signing-certificate-v2 tells them apart.
    const twin = await authority.issue({ sameKeyAs: signer });
    const withTwin = await sign(kk, {
      privateKey: signer.privateKey,
      certificatesDer: twin.certificatesDer,
    });
    expect(await verdict(withTwin)).toBe('valid');
    const { cms } = contentsOf(withTwin);
    const [twinDer] = twin.certificatesDer;
    // An ECDSA signature takes 70 to 72 bytes: another try gives a certificate of the same length.
    let siblingDer: Uint8Array | undefined;
    while (siblingDer?.length !== twinDer?.length) {
      const sibling = await authority.issue({ sameKeyAs: signer, sameSerialAs: twin });
      [siblingDer] = sibling.certificatesDer;
    }
    const exchanged = Buffer.from(
      cms
        .toString('latin1')
        .replace(
          Buffer.from(twinDer ?? []).toString('latin1'),
          Buffer.from(siblingDer ?? []).toString('latin1'),
        ),
      'latin1',
    );
    expect(exchanged.equals(cms)).toBe(false);
    expect(exchanged).toHaveLength(cms.length);
    const forged = text(withTwin).replace(cms.toString('hex'), exchanged.toString('hex'));
    expect(await kindOf(bytes(forged))).toBe('signingCertificateMismatch');
  });
});

describe('a signer that is not to be trusted', () => {
  const signedBy = async (changes: LeafChanges): Promise<Uint8Array> =>
    sign(kk, await authority.issue(changes));

  it('comes from another CA, even one of the same name', async () => {
    const stranger = await testAuthority();
    expect(anchors()).toHaveLength(1);
    expect(await kindOf(await sign(kk, await stranger.issue()))).toBe('untrustedSigner');
    expect(await kindOf(signed, { trustAnchorsDer: [] })).toBe('untrustedSigner');
  });

  it('has a certificate that has expired or is not yet valid', async () => {
    const later = Date.parse('2028-01-01T00:00:00Z');
    expect(await kindOf(signed, { nowMs: later })).toBe('certificateExpired');
    const earlier = Date.parse('2025-02-01T00:00:00Z');
    expect(await kindOf(signed, { nowMs: earlier })).toBe('certificateNotYetValid');
    const long = await signedBy({ notAfter: new Date('2040-01-01T00:00:00Z') });
    expect(await kindOf(long, { nowMs: Date.parse('2036-01-01T00:00:00Z') })).toBe(
      'certificateExpired',
    );
  });

  it('is a CA, may not sign documents, or has a critical extension nobody knows', async () => {
    expect(await kindOf(await signedBy({ isCa: true }))).toBe('certificateUnfit');
    const encipherment = { usages: x509.KeyUsageFlags.keyEncipherment };
    expect(await kindOf(await signedBy(encipherment))).toBe('certificateUnfit');
    const unknown = new x509.Extension('1.2.3.4', true, new Uint8Array([5, 0]));
    expect(await kindOf(await signedBy({ extraExtensions: [unknown] }))).toBe('certificateUnfit');
  });

  it('signs with a short RSA key', async () => {
    expect(await kindOf(await signedBy({ algorithm: 'rsa1024' }))).toBe('weakAlgorithm');
  });

  it('is certified by an ordinary signer', async () => {
    const child = await authority.issue({ issuedBy: signer });
    const chained = await sign(kk, {
      privateKey: child.privateKey,
      certificatesDer: [...child.certificatesDer, ...signer.certificatesDer],
    });
    expect(await kindOf(chained)).toBe('untrustedSigner');
  });

  it('is trusted through an intermediate CA that the anchor certified', async () => {
    const intermediate = await authority.issue({
      isCa: true,
      commonName: 'Specimen Intermediate',
      usages: x509.KeyUsageFlags.keyCertSign,
    });
    const child = await authority.issue({ issuedBy: intermediate });
    const chained = await sign(kk, {
      privateKey: child.privateKey,
      certificatesDer: [...child.certificatesDer, ...intermediate.certificatesDer],
    });
    expect(await verdict(chained)).toBe('valid');
  });
});

describe('the pages of a signed file', () => {
  const mark = specimenMark(297, 210);
  const page = async (
    items: readonly DrawingItem[],
    [widthMm, heightMm]: readonly [number, number] = [297, 210],
  ): Promise<Uint8Array> => {
    const info = { title: 'Uji', language: 'id', createdAt: NOW } as const;
    return sign(await renderPdf([{ widthMm, heightMm, items }], info), signer);
  };
  const words = (said: string): DrawingItem => ({
    kind: 'text',
    text: said,
    xMm: 20,
    baselineMm: 20,
    sizePt: 10,
    face: 'regular',
    colour: '#000000',
  });
  const one = { expectedPages: 1 };

  it('are as many as the order says', async () => {
    expect(await verdict(signed, one)).toEqual({ kind: 'wrongPageCount', pages: 2 });
  });

  it('are A4 landscape', async () => {
    const portrait = await page([specimenMark(210, 297)], [210, 297]);
    expect(await verdict(portrait, one)).toEqual({ kind: 'wrongPageSize', page: 1 });
  });

  it('carry the specimen mark at a size that can be seen, and in live mode none', async () => {
    expect(await verdict(await page([words('9901120101150003'), mark]), one)).toBe('valid');
    const missing = { kind: 'specimenMarkMissing', page: 1 };
    expect(await verdict(await page([words('KARTU KELUARGA')]), one)).toEqual(missing);
    expect(await verdict(await page([words('SPESIMEN')]), one)).toEqual(missing);
    expect(await verdict(await page([mark]), { ...one, mode: 'live' })).toEqual({
      kind: 'specimenMarkInLive',
      page: 1,
    });
  });

  it('hold numbers of their own mode alone', async () => {
    const stray = await page([words('NIK 9801125203900001'), mark]);
    expect(await verdict(stray, one)).toEqual({ kind: 'liveNumberInSpecimen' });
    const live = await page([words('NIK 9901125203900001')]);
    expect(await verdict(live, { ...one, mode: 'live' })).toEqual({ kind: 'specimenNumberInLive' });
  });
});
