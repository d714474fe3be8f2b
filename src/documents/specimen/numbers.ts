import type { Mode } from '../../domain/document.ts';
import { isSpecimenNumber } from '../../domain/nik.ts';

export type NumberError =
  { readonly kind: 'liveNumberInSpecimen' } | { readonly kind: 'specimenNumberInLive' };

/** Specimen mode prints numbers of the unallocated province 99 alone, live mode all others alone. */
export function numberErrorOf(mode: Mode, numbers: readonly string[]): NumberError | null {
  switch (mode) {
    case 'specimen':
      return numbers.every(isSpecimenNumber) ? null : { kind: 'liveNumberInSpecimen' };
    case 'live':
      return numbers.some(isSpecimenNumber) ? { kind: 'specimenNumberInLive' } : null;
  }
}
