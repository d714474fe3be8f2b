import * as z from 'zod';
import type { DocumentKind } from '../../src/domain/document.ts';
import type { OldCard, RequestReason } from '../../src/domain/request.ts';
import type { Stack } from './stack.ts';

const person = z.object({
  personId: z.string(),
  nik: z.string(),
  kkNumber: z.string(),
  name: z.string(),
  sex: z.enum(['L', 'P']),
  birthPlace: z.string(),
  birthDate: z.string(),
  bloodGroup: z.string(),
  religion: z.string(),
  occupation: z.string(),
  maritalStatus: z.string(),
  relationship: z.string(),
  nationality: z.string(),
  ektpUid: z.string(),
  age: z.number(),
  familySize: z.number(),
});
export type Resident = z.infer<typeof person>;

const people = z.object({ people: z.array(person) });
const filed = z.object({ requestId: z.string(), applicantNik: z.string() });
const messages = z.object({
  messages: z.array(
    z.object({
      requestId: z.string().nullable(),
      pin: z.string().nullable(),
      collectionCode: z.string().nullable(),
      printCode: z.string().nullable(),
    }),
  ),
});

/** Residents of the reference registry that fit a query of its front. */
export async function findResidents(
  stack: Pick<Stack, 'front'>,
  query: Readonly<Record<string, string>>,
): Promise<Resident[]> {
  const found = await stack.front.get(
    `/front/api/people?${new URLSearchParams({ limit: '500', ...query }).toString()}`,
    people,
  );
  return found.people;
}

/** What an applicant holds after approval: the SMS and the e-mail, as the front shows them. */
export interface Approved {
  readonly requestId: string;
  readonly applicantNik: string;
  readonly pin: string;
  readonly collectionCode: string;
  readonly printCode: string;
}

/** Files an application at the front, has it verified and approved, and reads the messages it sent. */
export async function applyAndApprove(
  stack: Pick<Stack, 'front'>,
  application: {
    readonly personId: string;
    readonly documentKind: DocumentKind;
    readonly reason: RequestReason;
    readonly oldCard?: OldCard;
    readonly applicantNik?: string;
  },
): Promise<Approved> {
  const { front } = stack;
  const { requestId, applicantNik } = await front.post(
    '/front/api/applications',
    application,
    filed,
  );
  for (const step of ['verify', 'approve']) {
    await front.post(`/front/api/applications/${requestId}/${step}`, {});
  }
  const sent = await front.get(`/front/api/messages?nik=${applicantNik}`, messages);
  // A PIN is sent once, with the first approval; the codes come with each.
  const pin = sent.messages.find((message) => message.pin !== null)?.pin ?? '';
  const ofThis = sent.messages.filter((message) => message.requestId === requestId);
  const code = (key: 'collectionCode' | 'printCode'): string =>
    ofThis.find((message) => message[key] !== null)?.[key] ?? '';
  return {
    requestId,
    applicantNik,
    pin,
    collectionCode: code('collectionCode'),
    printCode: code('printCode'),
  };
}

/** Lays the resident's e-KTP on the reader. */
export async function tapCard(
  stack: Pick<Stack, 'panel'>,
  resident: Resident,
  faults: 'pulledMidRead' | 'garbage' | 'silent' | 'stranger' | null = null,
  photoJpeg: Buffer | null = null,
): Promise<void> {
  await stack.panel.post('/api/tap', {
    faults,
    card: {
      uidHex: resident.ektpUid,
      biodata: {
        nik: resident.nik,
        name: resident.name,
        birthPlace: resident.birthPlace,
        birthDate: resident.birthDate.split('-').reverse().join('-'),
        sex: resident.sex === 'L' ? 'LAKI-LAKI' : 'PEREMPUAN',
        address: 'JL. CONTOH 1',
        rt: '001',
        rw: '002',
        village: 'CONTOH',
        district: 'CONTOH',
        regency: 'CONTOH',
        province: 'CONTOH',
        religion: resident.religion,
        maritalStatus: resident.maritalStatus,
        occupation: resident.occupation,
        bloodGroup: resident.bloodGroup,
        nationality: resident.nationality,
      },
      ...(photoJpeg === null ? {} : { photoBase64: photoJpeg.toString('base64') }),
    },
  });
}
