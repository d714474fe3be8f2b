import type { Clock } from '../../../src/base/clock.ts';
import { newId } from '../../../src/base/ids.ts';
import type { GraveAct } from '../../../src/domain/grave-act.ts';
import type { Role } from '../../../src/domain/role.ts';
import { deedsOn } from '../../../src/staff/deeds.ts';
import { People, type Person } from '../../../src/staff/people.ts';
import { TwoPeople } from '../../../src/staff/two-people.ts';
import type { Core } from '../../issuance/bench.ts';

const PASSWORD = 'sandi untuk uji saja';

/** A technician and a supervisor, signed in whenever they are wanted. */
export class StaffPair {
  readonly #clock: Clock;
  readonly #two: TwoPeople;
  readonly #persons: readonly [Person, Person];

  private constructor(clock: Clock, two: TwoPeople, persons: readonly [Person, Person]) {
    this.#clock = clock;
    this.#two = two;
    this.#persons = persons;
  }

  static async of({ journal, issuance }: Core, clock: Clock): Promise<StaffPair> {
    const people = new People(journal, clock);
    const person = async (name: string, roles: readonly Role[]): Promise<Person> => {
      const known = people.findByName(name);
      if (known !== null) return known;
      const made = await people.create({ name, roles, password: PASSWORD }, null);
      if (!made.ok) throw new Error(made.error.kind);
      return made.value;
    };
    const two = new TwoPeople({
      journal,
      clock,
      people,
      deeds: deedsOn({
        journal,
        clock,
        mode: 'specimen',
        feeders: [
          { name: 'ktp', blankKind: 'ktpEl' },
          { name: 'kia', blankKind: 'kia' },
        ],
        issuance,
        isServing: () => false,
      }),
      fatal: (cause) => {
        throw cause;
      },
    });
    await two.begin();
    const technician = await person('Teknisi Contoh', ['technician']);
    return new StaffPair(clock, two, [technician, await person('Pengawas Contoh', ['supervisor'])]);
  }

  /** Proposed by one and agreed to by the other; null, or why it was refused. */
  async act(act: GraveAct): Promise<string | null> {
    const proposed = await this.#two.propose(act, this.#signIn(0));
    if (!proposed.ok) return reasonOf(proposed.error);
    const { proposal } = proposed.value;
    if (proposal === null) return null;
    const { proposalId, digest } = proposal;
    const agreed = await this.#two.approve({ proposalId, digest }, this.#signIn(1));
    return agreed.ok ? null : reasonOf(agreed.error);
  }

  close(): void {
    this.#two.close();
  }

  #signIn(which: 0 | 1) {
    return {
      signInId: newId('sign'),
      person: this.#persons[which],
      channel: 'staffPage',
      signedInAtMs: this.#clock.monotonicMs(),
    } as const;
  }
}

const reasonOf = (error: { readonly kind: string }): string =>
  'reason' in error ? String(error.reason) : error.kind;
