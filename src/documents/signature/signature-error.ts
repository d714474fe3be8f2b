/** Why a signed PDF is not printed. The order is the order of the checks. */
export type SignatureError =
  | { readonly kind: 'tooLarge' }
  | { readonly kind: 'notAPdf' }
  | { readonly kind: 'noSignature' }
  | { readonly kind: 'severalSignatures' }
  /** The byte range leaves out more than the signature itself. */
  | { readonly kind: 'rangeIncomplete' }
  /** Bytes follow what was signed. */
  | { readonly kind: 'laterIncrement' }
  | { readonly kind: 'wrongSubFilter' }
  /** The signature is no CMS signature of the form that PAdES B-B asks for. */
  | { readonly kind: 'signatureMalformed'; readonly detail: string }
  | { readonly kind: 'weakAlgorithm' }
  | { readonly kind: 'digestMismatch' }
  | { readonly kind: 'badSignature' }
  | { readonly kind: 'signingCertificateMismatch' }
  | { readonly kind: 'certificateNotYetValid' }
  | { readonly kind: 'certificateExpired' }
  /** A CA certificate, or one without the right to sign documents. */
  | { readonly kind: 'certificateUnfit' }
  | { readonly kind: 'untrustedSigner' }
  | { readonly kind: 'certificateRevoked' }
  /** A list of revoked certificates that no authority of the signer's path issued, as it is. */
  | { readonly kind: 'revocationForeign' }
  /** Lists of revoked certificates are asked for: none came of the signer's authority, or none that still holds. */
  | { readonly kind: 'revocationUnknown' | 'revocationStale' }
  /** Bytes that are no part of a PDF as we read it, such as what lies between its objects. */
  | { readonly kind: 'fileMalformed'; readonly detail: string }
  | { readonly kind: 'tooManyRevisions' }
  /** What was there before the signature was put in was exchanged for something else. */
  | { readonly kind: 'contentReplaced' }
  /** More than a document to be printed needs: how many of which. */
  | {
      readonly kind: 'tooComplex';
      readonly what: 'depth' | 'objects' | 'bytes' | 'image' | 'forms';
    }
  | { readonly kind: 'encrypted' }
  | { readonly kind: 'activeContent'; readonly name: string }
  | { readonly kind: 'disguisedContent' }
  | { readonly kind: 'externalContent'; readonly name: string }
  /** Something harmless perhaps, that no document to be printed needs. */
  | { readonly kind: 'unexpectedEntry'; readonly name: string }
  /** The form of the document is not the one signature field, or something else lies on a page. */
  | { readonly kind: 'signatureNotOfTheForm' }
  /** A page is turned, scaled or cut. */
  | { readonly kind: 'pageAltered' }
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'wrongPageCount'; readonly pages: number }
  | { readonly kind: 'wrongPageSize'; readonly page: number }
  | { readonly kind: 'specimenMarkMissing'; readonly page: number }
  | { readonly kind: 'specimenMarkInLive'; readonly page: number }
  | { readonly kind: 'liveNumberInSpecimen' }
  | { readonly kind: 'specimenNumberInLive' };
