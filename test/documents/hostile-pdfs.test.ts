import 'reflect-metadata';
import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import * as x509 from '@peculiar/x509';
import { composeKk } from '../../src/documents/kk/compose-kk.ts';
import { verifyCms } from '../../src/documents/signature/cms.ts';
import type { RevocationPolicy } from '../../src/documents/signature/revocation.ts';
import { signPdf, type PdfSigner } from '../../src/documents/signature/sign.ts';
import { findSignedRange } from '../../src/documents/signature/signed-range.ts';
import { verifySignedPdf } from '../../src/documents/signature/verify.ts';
import { around } from './hostile-pdfs/around.ts';
import { inside } from './hostile-pdfs/inside.ts';
import { made } from './hostile-pdfs/made.ts';
import {
  bytesOf,
  CATALOG,
  CONTENT,
  FIELD,
  FONT,
  FORM,
  genuineBodies,
  PAGE,
  PAGES,
  revised,
  sealed,
  sealedSketch,
  SIGNATURE,
  streamOf,
  textOf,
  written,
} from './hostile-pdfs/sealed-pdf.ts';
import { poppler } from './poppler.ts';
import { familyOf } from './sample-people.ts';
import { NOW, testAuthority, type LeafChanges, type TestAuthority } from './test-authority.ts';

// Key generation and many verdicts in one test take their time on a busy machine.
jest.setTimeout(60_000);

let authority: TestAuthority;
let signer: PdfSigner;
let genuine: Uint8Array;

beforeAll(async () => {
  authority = await testAuthority();
  signer = await authority.issue();
  genuine = await sealedSketch({ bodies: genuineBodies }, signer);
});

/** `valid`, or why it is not printed. */
async function verdict(
  pdf: Uint8Array,
  expectedPages = 1,
  nowMs = NOW.getTime(),
  revocation: RevocationPolicy = 'whenPresent',
): Promise<unknown> {
  const result = await verifySignedPdf(pdf, {
    trustAnchorsDer: [authority.caDer],
    expectedPages,
    mode: 'specimen',
    nowMs,
    revocation,
  });
  return result.ok ? 'valid' : result.error;
}

describe('a genuine file', () => {
  it('from which every hostile one here differs in one thing is printed', async () => {
    expect(await verdict(genuine)).toBe('valid');
    const said = poppler('pdfsig', genuine, ['-nocert']);
    expect(said).toContain('Total document signed');
    expect(said).toContain('Signature is Valid');
  });

  it.each(Array.from({ length: 30 }, (_, index) => index + 1))(
    'that is the KK of a family of %i is printed',
    async (members) => {
      const kk = await composeKk(familyOf(members), { mode: 'specimen' });
      const signed = await signPdf(kk, signer, {
        signerName: 'Pejabat Spesimen',
        reason: 'Penerbitan KK',
        location: 'Lamongan',
        contact: 'dinas@contoh.invalid',
        signingTime: NOW,
      });
      const pages = textOf(kk).split('/Type /Page\n').length - 1;
      expect(await verdict(signed, pages)).toBe('valid');
    },
  );
});

/** Whether the signature alone would have it printed. */
function isValidlySigned(pdf: Uint8Array): boolean {
  const range = findSignedRange(pdf);
  return range.ok && verifyCms(range.value).ok;
}

/** Of these the signature itself is not where it must be, or there is no file to look for one in. */
const OF_THE_SIGNATURE: readonly string[] = ['notAPdf', 'rangeIncomplete', 'wrongSubFilter'];

describe('a file that was validly signed is not printed where it holds', () => {
  it.each([...inside, ...made].map((one) => [one.name, one] as const))('%s', async (_, one) => {
    const pdf = await sealedSketch(one.sketch, signer);
    if (!OF_THE_SIGNATURE.includes(one.refused.kind) && one.refused.kind !== 'severalSignatures') {
      expect(isValidlySigned(pdf)).toBe(true);
    }
    expect(await verdict(pdf)).toMatchObject(one.refused);
  });
});

describe('a file that was signed after it was made', () => {
  const unsigned = (): string => {
    const bare = new Map(genuineBodies);
    for (const number of [FIELD, FORM, SIGNATURE]) bare.delete(number);
    bare.set(CATALOG, (bare.get(CATALOG) ?? '').replace(/ \/AcroForm \d+ 0 R/, ''));
    bare.set(PAGE, (bare.get(PAGE) ?? '').replace(/ \/Annots \[\d+ 0 R\]/, ''));
    return written({ bodies: bare });
  };
  const added = (): Map<number, string> => {
    const numbers = [CATALOG, PAGE, FIELD, FORM, SIGNATURE];
    return new Map(numbers.map((number) => [number, genuineBodies.get(number) ?? '']));
  };
  const refusalOf = async (text: string): Promise<unknown> => {
    const pdf = await sealed(text, signer);
    expect(isValidlySigned(pdf)).toBe(true);
    return verdict(pdf);
  };

  it('is printed where only field and widget were added', async () => {
    expect(await refusalOf(revised(unsigned(), added()))).toBe('valid');
  });

  it.each<readonly [string, number, string]>([
    ['its content', CONTENT, streamOf('', 'BT /F1 100 Tf 60 240 Td (SPESIMEN) Tj (LAIN) Tj ET')],
    ['its font', FONT, '<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>'],
    ['its page tree', PAGES, `<< /Type /Pages /Count 1 /Kids [${PAGE} 0 R] /Rotate 0 >>`],
    [
      'the size of a page',
      PAGE,
      (genuineBodies.get(PAGE) ?? '').replace('841.89 595.28', '841.9 595.3'),
    ],
    [
      'what a page draws',
      PAGE,
      (genuineBodies.get(PAGE) ?? '').replace(`/Contents ${CONTENT}`, `/Contents ${CONTENT + 90}`),
    ],
    [
      'the catalog',
      CATALOG,
      (genuineBodies.get(CATALOG) ?? '').replace('/Pages', '/Lang (id) /Pages'),
    ],
  ])('is not printed where %s was exchanged on the way', async (_, number, body) => {
    const changes = added().set(number, body);
    expect(await refusalOf(revised(unsigned(), changes))).toEqual({ kind: 'contentReplaced' });
  });

  it('is not printed where something was put in between', async () => {
    const between = revised(unsigned(), new Map([[50, '<< >>']]));
    expect(await refusalOf(revised(between, added()))).toEqual({ kind: 'tooManyRevisions' });
  });
});

describe('a signed file is not printed after it got', () => {
  it.each(around.map((one) => [one.name, one] as const))('%s', async (_, one) => {
    const changed = one.change(genuine);
    expect(textOf(changed)).not.toBe(textOf(genuine));
    expect(await verdict(changed)).toMatchObject(one.refused);
  });
});

describe('a whole file is not printed where its signer', () => {
  const by = async (changes: LeafChanges): Promise<Uint8Array> =>
    sealedSketch({ bodies: genuineBodies }, await authority.issue(changes));

  it.each<readonly [string, LeafChanges, string]>([
    ['is a CA', { isCa: true }, 'certificateUnfit'],
    ['may only encipher', { usages: x509.KeyUsageFlags.keyEncipherment }, 'certificateUnfit'],
    ['may only agree on keys', { usages: x509.KeyUsageFlags.keyAgreement }, 'certificateUnfit'],
    ['may only sign certificates', { usages: x509.KeyUsageFlags.keyCertSign }, 'certificateUnfit'],
    ['has a short key', { algorithm: 'rsa1024' }, 'weakAlgorithm'],
  ])('%s', async (_, changes, kind) => {
    expect(await verdict(await by(changes))).toMatchObject({ kind });
  });

  it.each([
    ['a server', x509.ExtendedKeyUsage.serverAuth],
    ['a terminal', x509.ExtendedKeyUsage.clientAuth],
    ['a clock', x509.ExtendedKeyUsage.timeStamping],
    ['a list of the revoked', x509.ExtendedKeyUsage.ocspSigning],
    ['a program', x509.ExtendedKeyUsage.codeSigning],
  ])('has the certificate of %s, critical or not', async (_, purpose) => {
    for (const critical of [true, false]) {
      const extension = new x509.ExtendedKeyUsageExtension([purpose], critical);
      const pdf = await by({ extraExtensions: [extension] });
      expect(await verdict(pdf)).toEqual({ kind: 'certificateUnfit' });
    }
  });

  it('is not of those, though a certificate for documents or for mail says so too', async () => {
    for (const purpose of ['1.3.6.1.5.5.7.3.36', x509.ExtendedKeyUsage.emailProtection]) {
      const both = [x509.ExtendedKeyUsage.clientAuth, purpose];
      const extension = new x509.ExtendedKeyUsageExtension(both, true);
      expect(await verdict(await by({ extraExtensions: [extension] }))).toBe('valid');
    }
  });

  it('is of another authority of the same name', async () => {
    const stranger = await testAuthority();
    const pdf = await sealedSketch({ bodies: genuineBodies }, await stranger.issue());
    expect(await verdict(pdf)).toEqual({ kind: 'untrustedSigner' });
  });

  it('signed another file', async () => {
    const other = await sealedSketch({ bodies: genuineBodies, trailer: '/Info 5 0 R' }, signer);
    const [cms = ''] = /<[0-9a-f]{12000}>/.exec(textOf(other)) ?? [];
    const moved = bytesOf(textOf(genuine).replace(/<[0-9a-f]{12000}>/, cms));
    expect(await verdict(moved)).toEqual({ kind: 'digestMismatch' });
  });

  it('is no longer or not yet to be trusted', async () => {
    expect(await verdict(genuine, 1, Date.parse('2028-01-01T00:00:00Z'))).toEqual({
      kind: 'certificateExpired',
    });
    expect(await verdict(genuine, 1, Date.parse('2025-02-01T00:00:00Z'))).toEqual({
      kind: 'certificateNotYetValid',
    });
  });
});

describe('lists of revoked certificates', () => {
  const whole = (lists: readonly Uint8Array[]): Promise<Uint8Array> =>
    sealedSketch({ bodies: genuineBodies }, { ...signer, revocationListsDer: lists });
  const asked = async (lists: readonly Uint8Array[], policy: RevocationPolicy): Promise<unknown> =>
    verdict(await whole(lists), 1, NOW.getTime(), policy);
  const stale = { nextUpdate: new Date('2026-01-03T00:00:00Z') };

  it('that clear the signer let its file be printed, by either policy', async () => {
    const other = await authority.issue();
    const pdf = await whole([await authority.revoke([other])]);
    expect(await verdict(pdf, 1, NOW.getTime(), 'required')).toBe('valid');
    expect(await verdict(pdf, 1, NOW.getTime(), 'whenPresent')).toBe('valid');
    expect(poppler('pdfsig', pdf, ['-nocert'])).toContain('Signature is Valid');
  });

  it.each(['required', 'whenPresent'] as const)(
    'with the signer on them stop its file, also where they are old (%s)',
    async (policy) => {
      const revoked = { kind: 'certificateRevoked' };
      expect(await asked([await authority.revoke([signer])], policy)).toEqual(revoked);
      expect(await asked([await authority.revoke([signer], stale)], policy)).toEqual(revoked);
      const clear = await authority.revoke([]);
      expect(await asked([clear, await authority.revoke([signer], stale)], policy)).toEqual(
        revoked,
      );
    },
  );

  it('must come where they are asked for, and hold now', async () => {
    expect(await asked([], 'required')).toEqual({ kind: 'revocationUnknown' });
    expect(await asked([], 'whenPresent')).toBe('valid');
    const old = await authority.revoke([], stale);
    expect(await asked([old], 'required')).toEqual({ kind: 'revocationStale' });
    expect(await asked([old], 'whenPresent')).toBe('valid');
    const early = await authority.revoke([], { thisUpdate: new Date('2026-01-06T00:00:00Z') });
    expect(await asked([early], 'required')).toEqual({ kind: 'revocationStale' });
  });

  it.each(['required', 'whenPresent'] as const)(
    'that no authority of the signer issued stop its file (%s)',
    async (policy) => {
      const foreign = { kind: 'revocationForeign' };
      const stranger = await testAuthority();
      expect(await asked([await stranger.revoke([])], policy)).toEqual(foreign);
      expect(await asked([await authority.revoke([], { signedBy: signer })], policy)).toEqual(
        foreign,
      );
    },
  );

  it('stop their file with a bit flipped in any third of their bytes', async () => {
    const list = await authority.revoke([await authority.issue()]);
    const pdf = textOf(await whole([list]));
    const hex = Buffer.from(list).toString('hex');
    expect(pdf).toContain(hex);
    const printed: number[] = [];
    for (let at = 0; at < list.length; at += 3) {
      const flipped = Buffer.from(list);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8));
      const changed = bytesOf(pdf.replace(hex, flipped.toString('hex')));
      if ((await verdict(changed)) === 'valid') printed.push(at);
    }
    expect(printed).toEqual([]);
  });

  it('of changes alone are refused', async () => {
    const malformed = { kind: 'signatureMalformed', detail: 'revocation list' };
    const delta = new x509.Extension('2.5.29.27', true, new Uint8Array([2, 1, 1]));
    const changes = await authority.revoke([], { extraExtensions: [delta] });
    expect(await asked([changes], 'whenPresent')).toEqual(malformed);
  });
});
