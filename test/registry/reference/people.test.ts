import { describe, expect, it } from '@jest/globals';
import { isSpecimenNumber } from '../../../src/domain/nik.ts';
import { generatePopulation } from '../../../src/registry/reference/people/generate.ts';
import { ageOn, addYears, maskName } from '../../../src/registry/reference/people/person.ts';
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
