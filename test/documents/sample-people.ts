import {
  kiaFieldsSchema,
  ktpElFieldsSchema,
  type KiaFields,
  type KtpElFields,
} from '../../src/domain/card-fields.ts';
import { familyCardSchema, type FamilyCard } from '../../src/domain/family-card.ts';

/** People of province 99, who cannot exist. */
export const ktpElOf = (changes: Partial<Record<keyof KtpElFields, string>> = {}): KtpElFields =>
  ktpElFieldsSchema.parse({
    documentKind: 'ktpEl',
    nik: '9901125203900001',
    name: 'SITI RAHMAWATI',
    birthPlace: 'LAMONGAN',
    birthDate: '12-03-1990',
    sex: 'PEREMPUAN',
    bloodGroup: 'O',
    address: 'JL. CONTOH RAYA NO. 12',
    rtRw: '003/007',
    village: 'SUKOMULYO',
    district: 'LAMONGAN',
    regency: 'KABUPATEN LAMONGAN',
    province: 'JAWA TIMUR',
    religion: 'ISLAM',
    maritalStatus: 'BELUM KAWIN',
    occupation: 'KARYAWAN SWASTA',
    nationality: 'WNI',
    validUntil: 'SEUMUR HIDUP',
    issuePlace: 'LAMONGAN',
    issueDate: '05-01-2026',
    ...changes,
  });

export const kiaOf = (changes: Partial<Record<keyof KiaFields, string>> = {}): KiaFields =>
  kiaFieldsSchema.parse({
    documentKind: 'kia',
    nik: '9901120205180002',
    name: 'BAGAS PRATAMA',
    birthPlace: 'LAMONGAN',
    birthDate: '02-05-2018',
    sex: 'LAKI-LAKI',
    bloodGroup: '-',
    kkNumber: '9901120101150003',
    headOfFamily: 'AGUS PRATAMA',
    birthCertificateNumber: '3524-LU-02052018-0001',
    address: 'JL. CONTOH RAYA NO. 12',
    rtRw: '003/007',
    village: 'SUKOMULYO',
    district: 'LAMONGAN',
    regency: 'KABUPATEN LAMONGAN',
    province: 'JAWA TIMUR',
    religion: 'ISLAM',
    nationality: 'WNI',
    validUntil: '01-05-2035',
    issuePlace: 'LAMONGAN',
    issueDate: '05-01-2026',
    officerTitle: 'KEPALA DINAS KEPENDUDUKAN DAN PENCATATAN SIPIL',
    officerName: 'CONTOH PEJABAT, S.H., M.Si.',
    ...changes,
  });

export const uglyName =
  "RADEN AJENG KUSUMANINGRUM PUTRI D'ARTAGNAN SASTRODININGRAT WARDHANI KUSUMOWIDAGDO";
export const uglyWord = 'PAPPUPUTTAVENKATANARASIMHARAJUVARIPETAMANGALAPALLIKOTAGIRI';
export const uglyAddress =
  "PERUMAHAN GRIYA TA'MIRUL MUKMININ ASRI PERMAI INDAH TAHAP III BLOK DD-12A NO. 177 JL. PANGERAN DIPONEGORO";

const uglyPlace = {
  village: "TANJUNG SENGKUANG MA'RANG TEMPURUNG ATAS",
  district: 'PANGKALAN SUSU BATANG SERANGAN HULU',
  regency: 'KABUPATEN KEPULAUAN SIAU TAGULANDANG BIARO',
  province: 'DAERAH ISTIMEWA YOGYAKARTA',
} as const;

export const uglyChanges = {
  name: uglyName,
  birthPlace: 'KEPULAUAN SIAU TAGULANDANG BIARO',
  address: uglyAddress,
  ...uglyPlace,
} as const;

/** A family of `count` members, the longer ones among them with names that do not fit. */
export function familyOf(count: number): FamilyCard {
  const members = Array.from({ length: count }, (_, index) => {
    const woman = index % 2 === 1;
    const year = index < 2 ? 1980 + index : 2000 + (index % 24);
    const day = 1 + index;
    const serial = String(index + 1).padStart(4, '0');
    const written = String(woman ? day + 40 : day).padStart(2, '0');
    const names = ['AGUS PRATAMA', "SITI NUR'AINI", uglyName, 'SUHARTO', uglyWord];
    return {
      name: names[index % names.length],
      nik: `990112${written}05${String(year).slice(2)}${serial}`,
      sex: woman ? 'PEREMPUAN' : 'LAKI-LAKI',
      birthPlace: index === 2 ? uglyChanges.birthPlace : 'LAMONGAN',
      birthDate: `${String(day).padStart(2, '0')}-05-${year}`,
      religion: index === 3 ? 'KEPERCAYAAN TERHADAP TUHAN YME' : 'ISLAM',
      education: index === 1 ? 'DIPLOMA IV/STRATA I' : 'TIDAK/BELUM SEKOLAH',
      occupation: index === 0 ? 'KEPOLISIAN RI (POLRI)' : 'MENGURUS RUMAH TANGGA',
      bloodGroup: index % 3 === 0 ? 'O' : '-',
      maritalStatus: index < 2 ? 'KAWIN TERCATAT' : 'BELUM KAWIN',
      marriageDate: index < 2 ? '10-10-2005' : '-',
      relationship: ['KEPALA KELUARGA', 'ISTRI'][index] ?? 'ANAK',
      nationality: 'WNI',
      passportNumber: index === 1 ? 'X1234567' : '-',
      kitapNumber: '-',
      father: index === 4 ? uglyName : 'SLAMET',
      mother: index === 4 ? uglyWord : "SITI MA'RIFAH",
    };
  });
  return familyCardSchema.parse({
    kkNumber: '9901120101150003',
    headOfFamily: 'AGUS PRATAMA',
    address: count > 10 ? uglyAddress : 'JL. CONTOH RAYA NO. 12',
    rtRw: '003/007',
    postalCode: '62218',
    village: 'SUKOMULYO',
    district: 'LAMONGAN',
    regency: 'KABUPATEN LAMONGAN',
    province: 'JAWA TIMUR',
    members,
    issuedDate: '05-01-2026',
    issuePlace: 'LAMONGAN',
    officerTitle: 'KEPALA DINAS KEPENDUDUKAN DAN PENCATATAN SIPIL',
    officerName: 'CONTOH PEJABAT, S.H., M.Si.',
    officerNip: '990000000000000001',
    verifyUrl: 'http://127.0.0.1:8080/periksa/req_K7Q2M5X3',
  });
}

/** A family of `count` members whose texts are the longest of their kind, and the head's and first name as long as a record may be. */
export function longestFamily(count: number): FamilyCard {
  const { members, ...sheet } = familyOf(count);
  const longest = `${uglyName} `.repeat(3).slice(0, 200).trim();
  return familyCardSchema.parse({
    ...sheet,
    ...uglyPlace,
    headOfFamily: longest,
    address: `${uglyAddress} ${uglyAddress}`.slice(0, 200),
    issuePlace: uglyChanges.birthPlace,
    officerTitle: `${sheet.officerTitle} ${uglyChanges.regency} PROVINSI ${uglyChanges.province}`,
    officerName: `${uglyName}, S.H., M.Si.`,
    members: members.map((member, index) => ({
      ...member,
      name: [longest, uglyWord, uglyName][index] ?? [uglyName, uglyWord][index % 2],
      birthPlace: uglyChanges.birthPlace,
      religion: 'KEPERCAYAAN TERHADAP TUHAN YME',
      education: 'AKADEMI/DIPLOMA III/SARJANA MUDA',
      occupation: 'ANGGOTA LEMBAGA TINGGI LAINNYA',
      maritalStatus: 'CERAI HIDUP BELUM TERCATAT',
      marriageDate: '10-10-2005',
      relationship: 'KEPALA KELUARGA',
      nationality: 'BOSNIA DAN HERZEGOVINA',
      passportNumber: 'X00000000',
      kitapNumber: '2D99JE0000-X',
      father: uglyWord,
      mother: uglyName,
    })),
  });
}
