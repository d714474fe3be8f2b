import type { Result } from '../base/result.ts';
import type { CardFields } from '../domain/card-fields.ts';
import type { Mode } from '../domain/document.ts';
import type { CardOptions, ComposedCard, ComposeError } from './compose-card.ts';
import type { ReceiptContent } from './receipt/compose-receipt.ts';
import type { SignatureError } from './signature/signature-error.ts';
import type { Raster } from './render/raster.ts';
import type { TestCardContent } from './test-card/compose.ts';
import type { UnprintableText } from './layout/lay-out.ts';
import type { SignedPdfExpectation, VerifiedPdf } from './signature/verify.ts';

/** What the worker does, by name: the argument that goes over and the answer that comes back. */
export interface ComposeWork {
  composeCard: {
    argument: {
      readonly fields: CardFields;
      readonly photo: Uint8Array | null;
      readonly options: CardOptions;
    };
    answer: Result<ComposedCard, ComposeError>;
  };
  verifySignedPdf: {
    argument: { readonly bytes: Uint8Array; readonly expected: SignedPdfExpectation };
    answer: Result<VerifiedPdf, SignatureError>;
  };
  composeReceipt: {
    argument: { readonly content: ReceiptContent; readonly mode: Mode };
    answer: Result<Uint8Array, never>;
  };
  composeTestCard: {
    argument: { readonly content: TestCardContent };
    answer: Result<Raster, UnprintableText>;
  };
}

export type WorkName = keyof ComposeWork;

export type WorkRequest = {
  [K in WorkName]: { readonly name: K; readonly argument: ComposeWork[K]['argument'] };
}[WorkName];

/** What comes back: that the work was taken up, and then the answer or the name of what broke. */
export type WorkAnswer =
  | { readonly taken: true }
  | { readonly answer: ComposeWork[WorkName]['answer'] }
  | { readonly broke: string };
