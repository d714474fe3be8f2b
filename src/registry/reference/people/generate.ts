import { assert } from '../../../base/assert.ts';
import { kkNumberSchema } from '../../../domain/kk-number.ts';
import { nikSchema } from '../../../domain/nik.ts';
import { planFamilies, type PlannedMember } from './family-plans.ts';
import * as lists from './name-lists.ts';
import type { Family, Person } from './person.ts';
import { SeededRandom } from './random.ts';
import type { Region } from './regions.ts';

export interface Population {
  readonly families: readonly Family[];
  readonly people: readonly Person[];
}

/** The same seed, year and regions give the same people, for ever. `asOf` is an ISO date, 1 January. */
export function generatePopulation(
  seed: number,
  asOf: string,
  regions: readonly Region[],
): Population {
  const maker = new PopulationMaker(new SeededRandom(seed), Number(asOf.slice(0, 4)));
  const plans = planFamilies(new SeededRandom(seed + 1));
  const households = plans.map((plan, index) => {
    const region = regions[index % regions.length];
    assert(region !== undefined, 'no region to live in');
    return maker.household(plan, region, index);
  });
  return {
    families: households.map((household) => household.family),
    people: households.flatMap((household) => household.people),
  };
}

class PopulationMaker {
  readonly #random: SeededRandom;
  readonly #year: number;
  readonly #serials = new Map<string, number>();
  #count = 0;

  constructor(random: SeededRandom, year: number) {
    this.#random = random;
    this.#year = year;
  }

  household(
    plan: readonly PlannedMember[],
    region: Region,
    index: number,
  ): { family: Family; people: Person[] } {
    const random = this.#random;
    const recorded = `${two(random.whole(1, 28))}${two(random.whole(1, 12))}${two(random.whole(10, 24))}`;
    const kkNumber = kkNumberSchema.parse(this.#numbered(`99${region.specimenCode}${recorded}`));
    const family: Family = {
      kkNumber,
      address: `${random.pick(lists.STREETS)} NO. ${random.whole(1, 199)}`,
      rtRw: `${three(random.whole(1, 14))}/${three(random.whole(1, 9))}`,
      postalCode: `00${three(random.whole(1, 999))}`,
      village: region.village,
      district: region.district,
      regency: region.regency,
      province: region.province,
    };
    const religion = random.pick(lists.RELIGIONS);
    const surname = random.chance(0.6) ? random.pick(lists.FAMILY_NAMES) : '';
    // Before the eldest child, who is at most 24 years younger than the head.
    const marriedOn = this.#dateIn(this.#year - Math.max(2, (plan[0]?.age ?? 0) - 22));
    const people: Person[] = [];
    for (const [at, planned] of plan.entries()) {
      people.push(
        this.#person(planned, {
          family,
          region,
          religion,
          surname,
          marriedOn,
          position: at + 1,
          before: people,
          awkward: (index + at) % 4 === 0,
        }),
      );
    }
    return { family, people };
  }

  #person(
    planned: PlannedMember,
    home: {
      readonly family: Family;
      readonly region: Region;
      readonly religion: string;
      readonly surname: string;
      readonly marriedOn: string;
      readonly position: number;
      readonly before: readonly Person[];
      readonly awkward: boolean;
    },
  ): Person {
    const random = this.#random;
    const older = home.before.at(-1);
    const birthDate =
      planned.twin && older !== undefined
        ? older.birthDate
        : this.#dateIn(this.#year - planned.age - 1);
    const day = Number(birthDate.slice(8)) + (planned.sex === 'P' ? 40 : 0);
    const born = `${two(day)}${birthDate.slice(5, 7)}${birthDate.slice(2, 4)}`;
    const ofTheHouse = planned.relationship === 'ANAK';
    const parent = (sex: 'L' | 'P') =>
      ofTheHouse
        ? home.before.find(
            (other) => other.position <= 2 && other.sex === sex && other.relationship !== 'ANAK',
          )
        : undefined;
    this.#count += 1;
    const number = String(this.#count).padStart(4, '0');
    return {
      personId: `per_${number}`,
      nik: nikSchema.parse(this.#numbered(`99${home.region.specimenCode}${born}`)),
      kkNumber: home.family.kkNumber,
      position: home.position,
      name: planned.foreign ? "JONATHAN O'CONNOR-SPECIMEN" : this.#name(planned.sex, home),
      sex: planned.sex,
      birthPlace: planned.foreign ? 'MELBOURNE' : home.family.regency.replace(/^\S+ /, ''),
      birthDate,
      bloodGroup: random.pick(lists.BLOOD_GROUPS),
      religion: home.religion,
      ...this.#schooling(planned),
      maritalStatus: planned.married ? 'KAWIN' : maritalOf(planned),
      marriageDate: planned.married ? home.marriedOn : null,
      relationship: planned.relationship,
      nationality: planned.foreign ? 'AUSTRALIA' : 'WNI',
      passportNumber: planned.foreign ? 'X0000000' : '-',
      kitapNumber: planned.foreign ? '2D99JE0000-X' : '-',
      father: parent('L')?.name ?? this.#name('L', { surname: home.surname, awkward: false }),
      mother: parent('P')?.name ?? this.#name('P', { surname: '', awkward: false }),
      birthCertificateNumber: `99${home.region.specimenCode.slice(0, 2)}-LT-${born}-${number}`,
      ektpUid: `04${random.hex(6)}`,
      phone: `+62 800-0000-${number}`,
      email: `warga${number}@contoh.invalid`,
      standing: planned.standing,
    };
  }

  #name(sex: 'L' | 'P', home: { readonly surname: string; readonly awkward: boolean }): string {
    const random = this.#random;
    if (home.awkward) {
      return random.pick(sex === 'L' ? lists.AWKWARD_MALE_NAMES : lists.AWKWARD_FEMALE_NAMES);
    }
    const given = sex === 'L' ? lists.MALE_NAMES : lists.FEMALE_NAMES;
    const first = random.pick(given);
    const second = random.chance(0.5) ? random.pick(given.filter((name) => name !== first)) : '';
    return [first, second, home.surname].filter((word) => word !== '').join(' ');
  }

  #schooling(planned: PlannedMember): { education: string; occupation: string } {
    if (planned.age < 6) {
      return { education: 'TIDAK/BELUM SEKOLAH', occupation: 'BELUM/TIDAK BEKERJA' };
    }
    if (planned.age < 19) {
      const education = planned.age < 13 ? 'BELUM TAMAT SD/SEDERAJAT' : 'SLTP/SEDERAJAT';
      return { education, occupation: 'PELAJAR/MAHASISWA' };
    }
    return {
      education: this.#random.pick(lists.ADULT_EDUCATION),
      occupation: this.#random.pick(lists.ADULT_OCCUPATIONS),
    };
  }

  #dateIn(year: number): string {
    const random = this.#random;
    const month = random.whole(1, 12);
    const lastDay = new Date(Date.UTC(year, month, 0)).getUTCDate();
    return `${year}-${two(month)}-${two(random.whole(1, lastDay))}`;
  }

  /** Appends the next free four-digit serial, so that no number is given twice. */
  #numbered(stem: string): string {
    const serial = (this.#serials.get(stem) ?? 0) + 1;
    this.#serials.set(stem, serial);
    return `${stem}${String(serial).padStart(4, '0')}`;
  }
}

function maritalOf(planned: PlannedMember): string {
  if (planned.relationship === 'KEPALA KELUARGA' && planned.age > 35) return 'CERAI MATI';
  return planned.relationship === 'ORANG TUA' ? 'CERAI MATI' : 'BELUM KAWIN';
}

const two = (value: number): string => String(value).padStart(2, '0');
const three = (value: number): string => String(value).padStart(3, '0');
