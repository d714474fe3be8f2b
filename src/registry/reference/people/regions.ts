import { getDistricts, getProvinces, getRegencies, getVillages } from 'idn-area-data';
import { assert } from '../../../base/assert.ts';

export interface Region {
  /** Four digits that follow 99 in specimen numbers; they are ours and mean no real region. */
  readonly specimenCode: string;
  readonly village: string;
  readonly district: string;
  readonly regency: string;
  readonly province: string;
}

/** Regencies and cities whose names are long, short, or awkward to print. */
const REGENCY_CODES = [
  '35.24',
  '35.78',
  '31.74',
  '12.71',
  '13.01',
  '34.71',
  '51.03',
  '61.71',
  '71.09',
  '73.71',
  '81.71',
  '94.01',
];
const DISTRICTS_EACH = 2;

/** Real names of two villages' worth of districts in each chosen regency, in a fixed order. */
export async function loadRegions(): Promise<readonly Region[]> {
  const [provinces, regencies, districts, villages] = await Promise.all([
    getProvinces(),
    getRegencies(),
    getDistricts(),
    getVillages(),
  ]);
  const found = REGENCY_CODES.flatMap((code, regencyIndex) => {
    const regency = regencies.find((candidate) => candidate.code === code);
    const province = provinces.find((candidate) => candidate.code === code.slice(0, 2));
    if (regency === undefined || province === undefined) return [];
    return districts
      .filter((district) => district.regency_code === code)
      .slice(0, DISTRICTS_EACH)
      .flatMap((district, districtIndex) => {
        const village = villages.find((candidate) => candidate.district_code === district.code);
        return village === undefined
          ? []
          : [
              {
                specimenCode: twoDigits(regencyIndex + 1) + twoDigits(districtIndex + 1),
                village: village.name.toUpperCase(),
                district: district.name.toUpperCase(),
                regency: regency.name.toUpperCase(),
                province: province.name.toUpperCase(),
              },
            ];
      });
  });
  assert(found.length >= REGENCY_CODES.length, 'the region data lacks the chosen regencies');
  return found;
}

const twoDigits = (value: number): string => String(value).padStart(2, '0');
