/** A way in which a driver can be wrong, and the case of its suite that has to notice. */
export interface Mutant {
  readonly name: string;
  /** Beginning of the case's name; null of the driver as it is, which has to pass all. */
  readonly noticedBy: string | null;
}

const MARK = ' <- ';
/** How a driver is called that nothing was done to. */
export const AS_IT_IS = 'as it is';

/** What the suite is called when it runs on this mutant. */
export const titleOf = ({ name, noticedBy }: Mutant): string => `${name}${MARK}${noticedBy ?? ''}`;

export function mutantOf(title: string): Mutant {
  const [name = '', noticedBy = ''] = title.split(MARK);
  return { name, noticedBy: noticedBy === '' ? null : noticedBy };
}

/**
 * Of the full names of cases those that tell anything: of a mutant the one that has to notice it, of a driver as it is
 * all, or the one that notices the mutant beside it.
 */
export const TELLING = `^${AS_IT_IS}${MARK} +it|${MARK}(.+?) it,? as .*\\1`;

/** Beside each mutant the driver as it is, for the same case, which it has to pass. */
export const withControls = <M extends Mutant>(
  mutants: readonly M[],
): readonly (Mutant & Partial<M>)[] =>
  mutants.flatMap((mutant) => {
    const { name, noticedBy } = mutant;
    const control: Mutant = { name: `${AS_IT_IS} (${name})`, noticedBy };
    return [mutant, control as Mutant & Partial<M>];
  });
