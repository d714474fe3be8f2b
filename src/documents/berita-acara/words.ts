import type { BlankKind } from '../../domain/document.ts';

export const blankNames: Readonly<Record<BlankKind, string>> = {
  ktpEl: 'KTP-el',
  ktpElWna: 'KTP-el WNA',
  kia: 'KIA',
};

const causes: Readonly<Partial<Record<string, string>>> = {
  mediaJammed: 'Kartu macet',
  ribbonOut: 'Pita habis saat mencetak',
  chipSilent: 'Cip tidak menjawab',
  'chip.notBlank': 'Cip sudah berisi',
  'chip.refused': 'Cip menolak data',
  'chip.readBackDiffers': 'Isi cip tidak sesuai',
  cardNotInside: 'Kartu tidak di tempatnya',
  holderNotMatched: 'Pemegang tidak cocok',
  holderNotChecked: 'Pemegang tidak dapat dipastikan',
  blankUnknown: 'Nomor seri tidak dikenal',
  blankSeenBefore: 'Nomor seri sudah terpakai',
  wrongBlankKind: 'Jenis blangko salah',
  serialUnreadable: 'Nomor seri tidak terbaca',
  foundAtCount: 'Ditemukan saat dihitung',
  foundInBin: 'Ditemukan di wadah tolak',
  foundRetracted: 'Ditemukan di wadah tolak',
  binHoldsExpected: 'Ditemukan di wadah tolak',
  binHoldsRead: 'Ditemukan di wadah tolak',
  oldSession: 'Sesi terputus',
};

/** The cause of a spoiled blank in Indonesian; a code that has no words here stands as it is. */
export const causeOf = (fate: 'void' | 'retracted' | 'test', reason: string | null): string => {
  if (fate === 'test') return 'Kartu uji';
  if (reason === null) return fate === 'retracted' ? 'Tidak diambil' : 'Rusak';
  const cause = causes[reason] ?? reason;
  return fate === 'retracted' ? `Tidak diambil: ${cause}` : cause;
};

const days = ['Minggu', 'Senin', 'Selasa', 'Rabu', 'Kamis', 'Jumat', 'Sabtu'] as const;
const months = [
  'Januari',
  'Februari',
  'Maret',
  'April',
  'Mei',
  'Juni',
  'Juli',
  'Agustus',
  'September',
  'Oktober',
  'November',
  'Desember',
] as const;

/** A zone of Indonesia: its sign and how far it is ahead of UTC. */
const zones = {
  'Asia/Jakarta': { sign: 'WIB', hours: 7 },
  'Asia/Makassar': { sign: 'WITA', hours: 8 },
  'Asia/Jayapura': { sign: 'WIT', hours: 9 },
} as const;
export type IndonesianZone = keyof typeof zones;

const two = (n: number): string => String(n).padStart(2, '0');
const local = (at: number, zone: IndonesianZone): Date =>
  new Date(at + zones[zone].hours * 3_600_000);
const clockOf = (date: Date): string => `${two(date.getUTCHours())}.${two(date.getUTCMinutes())}`;

/** `05-01-2026 09.14` */
export function shortTime(at: number, zone: IndonesianZone): string {
  const date = local(at, zone);
  return `${two(date.getUTCDate())}-${two(date.getUTCMonth() + 1)}-${date.getUTCFullYear()} ${clockOf(date)}`;
}

/** `Senin, 5 Januari 2026 pukul 09.14 WIB` */
export function longTime(at: number, zone: IndonesianZone): string {
  const date = local(at, zone);
  const day = days[date.getUTCDay()] ?? '';
  const month = months[date.getUTCMonth()] ?? '';
  return `${day}, ${date.getUTCDate()} ${month} ${date.getUTCFullYear()} pukul ${clockOf(date)} ${zones[zone].sign}`;
}
