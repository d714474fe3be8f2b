import { findResidents, type Resident } from '../../../scripts/stack/resident.ts';
import type { Stack } from '../../../scripts/stack/stack.ts';

/** Residents of the registry, each handed out once, so that no test finds the requests of another. */
export class People {
  readonly #residents: readonly Resident[];
  readonly #used = new Set<string>();

  private constructor(residents: readonly Resident[]) {
    this.#residents = residents;
  }

  static async of(stack: Pick<Stack, 'front'>): Promise<People> {
    return new People(await findResidents(stack, { standing: 'ordinary' }));
  }

  /** Who may have a KTP-el of their own; no head of a family and no mother, whom other tests need. */
  adult(): Resident {
    return this.#take(
      'adult',
      ({ age, relationship }) =>
        age >= 20 && relationship !== 'KEPALA KELUARGA' && relationship !== 'ISTRI',
    );
  }

  /** The head of a family whose KK has this many members. */
  head(from: number, to: number): Resident {
    return this.#take(
      'head of a family',
      ({ relationship, familySize, age }) =>
        relationship === 'KEPALA KELUARGA' && age >= 20 && familySize >= from && familySize <= to,
    );
  }

  /** A mother and a child of hers who may have a KIA. */
  motherAndChild(): { readonly mother: Resident; readonly child: Resident } {
    const isMotherOf = (child: Resident) => (one: Resident) =>
      one.relationship === 'ISTRI' && one.age >= 20 && one.kkNumber === child.kkNumber;
    const child = this.#take(
      'child with a mother',
      (one) =>
        one.relationship === 'ANAK' &&
        one.age >= 6 &&
        one.age <= 15 &&
        this.#residents.some((other) => isMotherOf(one)(other) && !this.#used.has(other.personId)),
    );
    return { child, mother: this.#take('mother', isMotherOf(child)) };
  }

  #take(what: string, fits: (one: Resident) => boolean): Resident {
    const found = this.#residents.find((one) => !this.#used.has(one.personId) && fits(one));
    if (found === undefined) throw new Error(`the registry knows no further ${what}`);
    this.#used.add(found.personId);
    return found;
  }
}
