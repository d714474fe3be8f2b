import type { SeededRandom } from './random.ts';
import type { Relationship, Standing } from './person.ts';

export interface PlannedMember {
  readonly relationship: Relationship;
  readonly sex: 'L' | 'P';
  /** Full years on 1 January of the generator's year. */
  readonly age: number;
  readonly married: boolean;
  /** Born on the same day as the member before. */
  readonly twin: boolean;
  readonly foreign: boolean;
  readonly standing: Standing;
}

const member = (
  relationship: Relationship,
  sex: 'L' | 'P',
  age: number,
  more: Partial<PlannedMember> = {},
): PlannedMember => ({
  relationship,
  sex,
  age,
  married: false,
  twin: false,
  foreign: false,
  standing: 'ordinary',
  ...more,
});
const couple = (age: number): PlannedMember[] => [
  member('KEPALA KELUARGA', 'L', age, { married: true }),
  member('ISTRI', 'P', age - 3, { married: true }),
];
const child = (age: number, index = 0): PlannedMember =>
  member('ANAK', index % 2 === 0 ? 'P' : 'L', age);

/** Every family, as who lives together at what age; about 270 people in 58 families. */
export function planFamilies(random: SeededRandom): readonly (readonly PlannedMember[])[] {
  return [
    ...fixedPlans(),
    ...Array.from({ length: 6 }, (_, index) => [
      member('KEPALA KELUARGA', index % 2 === 0 ? 'L' : 'P', random.whole(19, 78)),
    ]),
    ...Array.from({ length: 5 }, () => couple(random.whole(24, 70))),
    ...Array.from({ length: 32 }, () => {
      const parents = random.whole(27, 52);
      const children = random.whole(1, 5);
      const eldest = parents - 24;
      return [
        ...couple(parents),
        ...Array.from({ length: children }, (_, index) =>
          child(Math.max(0, eldest - index * 3), random.whole(0, 1)),
        ),
      ];
    }),
  ];
}

/** The shapes a test or a demonstration looks for. */
function fixedPlans(): PlannedMember[][] {
  const crowd = (size: number): PlannedMember[] => [
    ...couple(66),
    ...Array.from({ length: size - 2 }, (_, index) => bigHouse(index)),
  ];
  return [
    [...couple(34), child(8), child(3, 1)],
    [...couple(38), child(6), member('ANAK', 'P', 6, { twin: true }), child(1, 1)],
    [...couple(29), child(0), member('ANAK', 'L', 0, { twin: true })],
    [...couple(45), member('ANAK', 'L', 17), child(15), child(5, 1)],
    [member('KEPALA KELUARGA', 'P', 41), child(12), child(4, 1)],
    [member('KEPALA KELUARGA', 'L', 58), child(22), child(16, 1)],
    [member('KEPALA KELUARGA', 'P', 27)],
    [...couple(50), child(24), child(19, 1), member('ORANG TUA', 'P', 79)],
    [...couple(44), child(14), member('FAMILI LAIN', 'L', 21)],
    [
      member('KEPALA KELUARGA', 'P', 39, { married: true }),
      member('SUAMI', 'L', 43, { married: true, foreign: true }),
      child(7),
    ],
    [member('KEPALA KELUARGA', 'L', 61, { standing: 'deceased' })],
    [member('KEPALA KELUARGA', 'L', 33, { standing: 'moved' })],
    [member('KEPALA KELUARGA', 'P', 30, { standing: 'protected' })],
    [member('KEPALA KELUARGA', 'L', 47, { standing: 'duplicate' })],
    crowd(11),
    crowd(15),
    crowd(30),
  ];
}

/** Children with spouses and grandchildren under one roof, so that a KK runs over several sheets. */
function bigHouse(index: number): PlannedMember {
  switch (index % 4) {
    case 0:
      return member('ANAK', index % 8 === 0 ? 'L' : 'P', 41 - index, {
        married: 41 - index >= 21,
      });
    case 1:
      return member('MENANTU', index % 8 === 1 ? 'P' : 'L', Math.max(22, 38 - index), {
        married: true,
      });
    default:
      return member('CUCU', index % 2 === 0 ? 'L' : 'P', Math.max(0, 14 - (index >> 1)));
  }
}
