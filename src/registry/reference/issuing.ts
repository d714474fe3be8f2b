import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { CompactSign, importJWK } from 'jose';
import * as z from 'zod';
import { composeKk, kkPages } from '../../documents/kk/compose-kk.ts';
import { drawnPhoto } from '../../documents/photo/drawn-photo.ts';
import { signPdf, type PdfSigner } from '../../documents/signature/sign.ts';
import type { FamilyCard } from '../../domain/family-card.ts';
import type { Issuing, SignedFamilyCard } from './context.ts';
import type { PkiPaths } from './pki.ts';
import { revocationList } from './revocation-list.ts';

const orderKeySchema = z.looseObject({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  kid: z.string(),
  x: z.string(),
  d: z.string(),
});

/** Reads the registry's keys: Ed25519 for print orders (RFC 8037), the specimen certificate for KK. */
export async function loadIssuing(pki: PkiPaths): Promise<Issuing> {
  const jwk = orderKeySchema.parse(JSON.parse(readFileSync(pki.orderKey, 'utf8')));
  const orderKey = await importJWK(jwk, 'EdDSA');
  const signer: PdfSigner = {
    privateKey: createPrivateKey(readFileSync(pki.kkSignerKey)),
    certificatesDer: [new X509Certificate(readFileSync(pki.kkSignerCert)).raw],
  };
  return {
    signOrder: (order) =>
      new CompactSign(new TextEncoder().encode(JSON.stringify(order)))
        .setProtectedHeader({ alg: 'EdDSA', kid: jwk.kid })
        .sign(orderKey),
    signFamilyCard: async (card, at) => {
      const list = await revocationList(pki, at.getTime());
      return signFamilyCard(card, at, { ...signer, revocationListsDer: [list] });
    },
    drawPhoto: drawnPhoto,
  };
}

async function signFamilyCard(
  card: FamilyCard,
  at: Date,
  signer: PdfSigner,
): Promise<SignedFamilyCard> {
  const pdf = await composeKk(card, { mode: 'specimen' });
  const signed = await signPdf(pdf, signer, {
    signerName: `${card.officerName} (SPESIMEN)`,
    reason: 'Spesimen Kartu Keluarga',
    location: card.issuePlace,
    contact: 'contoh.invalid',
    signingTime: at,
  });
  return { pdf: signed, pages: kkPages(card.members.length) };
}
