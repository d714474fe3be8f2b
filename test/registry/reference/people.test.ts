import { describe, expect, it } from '@jest/globals';
import { getDistricts, getProvinces, getRegencies, getVillages } from 'idn-area-data';
import { isSpecimenNumber } from '../../../src/domain/nik.ts';
import { generatePopulation } from '../../../src/registry/reference/people/generate.ts';
import { ageOn, addYears, type Family } from '../../../src/registry/reference/people/person.ts';
import { maskName } from '../../../src/domain/masked-name.ts';
import { loadRegions } from '../../../src/registry/reference/people/regions.ts';

const regions = await loadRegions();
const asOf = '2026-01-01';
const { families, people } = generatePopulation(7, asOf, regions);
const sizes = families.map(
  ({ kkNumber }) => people.filter((person) => person.kkNumber === kkNumber).length,
);

describe('the synthetic people', () => {
  it('are the same for the same seed and others for another', () => {
    expect(generatePopulation(7, asOf, regions)).toEqual({ families, people });
    expect(generatePopulation(8, asOf, regions).people).not.toEqual(people);
  });

  it('are two hundred and more, all of province 99, no number twice', () => {
    expect(people.length).toBeGreaterThanOrEqual(200);
    const numbers = [...people.map(({ nik }) => nik), ...families.map((family) => family.kkNumber)];
    expect(numbers.filter((number) => !isSpecimenNumber(number))).toEqual([]);
    expect(new Set(people.map(({ nik }) => nik)).size).toBe(people.length);
    expect(new Set(families.map((family) => family.kkNumber)).size).toBe(families.length);
  });

  it("live in regions whose names are real, under codes that are no region's", async () => {
    const places = await realPlaces();
    const nowhere = (homes: readonly Home[]): string[] =>
      homes.map(placeOf).filter((place) => !places.names.has(place));
    expect(nowhere(families)).toEqual([]);
    // One invented name is seen, and so is a village that is real but lies elsewhere.
    const [home, , elsewhere] = families;
    if (home === undefined || elsewhere === undefined) throw new Error('no family');
    for (const key of ['village', 'district', 'regency', 'province'] as const) {
      expect(nowhere([{ ...home, [key]: 'ANTAH-BERANTAH' }])).toHaveLength(1);
    }
    expect(nowhere([{ ...home, village: elsewhere.village }])).toHaveLength(1);

    const born = people.filter(({ nationality }) => nationality === 'WNI');
    const birthPlaces = new Set(born.map(({ birthPlace }) => birthPlace));
    expect([...birthPlaces].filter((name) => !places.birthPlaces.has(name))).toEqual([]);

    const numbers = [...people.map(({ nik }) => nik), ...families.map((family) => family.kkNumber)];
    expect(places.codes.size).toBeGreaterThan(7000);
    expect(numbers.filter((number) => places.codes.has(number.slice(0, 6)))).toEqual([]);
    expect([...places.codes].filter((code) => isSpecimenNumber(code))).toEqual([]);
  });

  it('live in families of one to thirty, with small and school children and twins', () => {
    expect(Math.min(...sizes)).toBe(1);
    expect(Math.max(...sizes)).toBe(30);
    const ages = people.map(({ birthDate }) => ageOn(birthDate, asOf));
    expect(ages.filter((age) => age < 5).length).toBeGreaterThan(5);
    expect(ages.filter((age) => age >= 5 && age < 17).length).toBeGreaterThan(20);
    const births = people.map((person) => `${person.kkNumber} ${person.birthDate}`);
    expect(new Set(births).size).toBeLessThan(births.length);
  });

  it('bear names of one word, with apostrophes, and longer than sixty letters', () => {
    const names = people.map(({ name }) => name);
    expect(names.some((name) => !name.includes(' '))).toBe(true);
    expect(names.some((name) => name.includes("'"))).toBe(true);
    expect(names.some((name) => name.length > 60)).toBe(true);
  });

  it('have a NIK that says their birth date, with forty added for women', () => {
    for (const { nik, birthDate, sex } of people) {
      const day = Number(nik.slice(6, 8)) - (sex === 'P' ? 40 : 0);
      expect(`${birthDate.slice(0, 2)}${nik.slice(10, 12)}-${nik.slice(8, 10)}-${day}`).toBe(
        `${birthDate.slice(0, 8)}${Number(birthDate.slice(8))}`,
      );
    }
  });
});

describe('dates and masks', () => {
  it('count full years and keep leap days in the calendar', () => {
    expect(ageOn('2021-01-02', '2026-01-01')).toBe(4);
    expect(ageOn('2021-01-01', '2026-01-01')).toBe(5);
    expect(addYears('2024-02-29', 5)).toBe('2029-02-28');
    expect(addYears('2024-02-29', 4)).toBe('2028-02-29');
  });

  it('hide names but for first letters, and the length of short ones', () => {
    expect(maskName('SITI AMINAH')).toBe('S*** A*****');
    expect(maskName('E')).toBe('E**');
  });
});

type Home = Pick<Family, 'village' | 'district' | 'regency' | 'province'>;

const placeOf = ({ village, district, regency, province }: Home): string =>
  [village, district, regency, province].join(', ');

/** Every village with what it lies in, in capitals; all codes of districts; and the bare names of regencies. */
async function realPlaces() {
  const [provinces, regencies, districts, villages] = await Promise.all([
    getProvinces(),
    getRegencies(),
    getDistricts(),
    getVillages(),
  ]);
  const above = new Map(
    [...provinces, ...regencies, ...districts].map(({ code, name }) => [code, name]),
  );
  const names = villages.map(({ code, name }) =>
    // 35.24.01.2001: each two digits more are a region within the one before.
    [name, ...[8, 5, 2].map((length) => above.get(code.slice(0, length)))].join(', ').toUpperCase(),
  );
  return {
    names: new Set(names),
    codes: new Set(districts.map(({ code }) => code.replaceAll('.', ''))),
    birthPlaces: new Set(
      regencies.map(({ name }) => name.toUpperCase().replace(/^(KABUPATEN|KOTA) /, '')),
    ),
  };
}
