import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import { findResidents, type Approved } from '../../../scripts/stack/resident.ts';
import { createCanvas, loadImage } from '../../../src/base/canvas.ts';
import { withoutAlpha } from '../../../src/issuance/document-checks.ts';
import type { Visitor } from '../process/script.ts';
import type { World } from '../process/world.ts';
import { bytesCanary, digitsCanary, textCanary, type Canary } from './canary.ts';

const bytes = z.instanceof(Uint8Array).nullable();
const row = z.object({ photo: bytes, signed_pdf: bytes, subject_nik: z.string() });

function registryRow(world: World, requestId: string): z.infer<typeof row> {
  const database = new DatabaseSync(path.join(world.dir, 'reg', 'registry.db'), { readOnly: true });
  const query = `SELECT photo, signed_pdf, people.nik AS subject_nik FROM requests
    JOIN people ON person_id = subject_id WHERE request_id = ?`;
  const found = row.parse(database.prepare(query).get(requestId));
  database.close();
  return found;
}

/** The photo or the signed PDF of a request, as far as it has one. */
export function ofDocuments(world: World, { requestId }: Approved): Canary[] {
  const { photo, signed_pdf: pdf } = registryRow(world, requestId);
  return [
    ...(photo === null ? [] : [bytesCanary('photo', Buffer.from(photo))]),
    ...(pdf === null ? [] : [bytesCanary('signed PDF', Buffer.from(pdf))]),
  ];
}

/** What the chip of a citizen's e-KTP shows of them to whom it is tapped at. */
export const ofCard = ({ cardPhoto }: Visitor): Canary =>
  bytesCanary('photo on the e-KTP', cardPhoto);

/** The dots of the newest card side, as the simulated printer was given them; none before there was one. */
export async function ofDots({ dir }: World): Promise<Canary[]> {
  const folder = path.join(dir, 'cabinet/cards');
  const [newest] = readdirSync(folder)
    .map((name) => path.join(folder, name))
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  if (newest === undefined) return [];
  const image = await loadImage(newest);
  const context = createCanvas(image.width, image.height).getContext('2d');
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, image.width, image.height);
  return [bytesCanary('dots of a card', Buffer.from(withoutAlpha(new Uint8Array(data))))];
}

/** What the registry knows of a request and of those it concerns. */
export async function ofVisit(world: World, approved: Approved): Promise<Canary[]> {
  const { requestId, applicantNik, pin, collectionCode, printCode } = approved;
  const { subject_nik: subject } = registryRow(world, requestId);
  const people = await Promise.all(
    [...new Set([applicantNik, subject])].map((q) => findResidents(world, { q })),
  );
  return [
    ...people
      .flat()
      .flatMap(({ nik, kkNumber, name }) => [
        textCanary('NIK', nik),
        textCanary('KK number', kkNumber),
        textCanary('name', name),
      ]),
    ...(pin === '' ? [] : [digitsCanary('PIN', pin)]),
    textCanary('collection code', collectionCode.slice(5)),
    digitsCanary('print code', printCode),
    ...ofDocuments(world, approved),
  ];
}
