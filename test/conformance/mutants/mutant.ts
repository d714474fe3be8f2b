/** A way in which a driver can be wrong, and the case of its suite that has to notice. */
export interface Mutant {
  readonly name: string;
  /** Beginning of the case's name; null of the driver as it is, which has to pass all. */
  readonly noticedBy: string | null;
}

const MARK = ' <- ';

/** What the suite is called when it runs on this mutant. */
export const titleOf = ({ name, noticedBy }: Mutant): string => `${name}${MARK}${noticedBy ?? ''}`;

export function mutantOf(title: string): Mutant {
  const [name = '', noticedBy = ''] = title.split(MARK);
  return { name, noticedBy: noticedBy === '' ? null : noticedBy };
}
