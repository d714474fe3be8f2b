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
  | { readonly kind: 'encrypted' }
  | { readonly kind: 'activeContent'; readonly name: string }
  | { readonly kind: 'disguisedContent' }
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'wrongPageCount'; readonly pages: number }
  | { readonly kind: 'wrongPageSize'; readonly page: number }
  | { readonly kind: 'specimenMarkMissing'; readonly page: number }
  | { readonly kind: 'specimenMarkInLive'; readonly page: number }
  | { readonly kind: 'liveNumberInSpecimen' }
  | { readonly kind: 'specimenNumberInLive' };
