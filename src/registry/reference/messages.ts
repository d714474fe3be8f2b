import * as z from 'zod';
import type { RegistryContext } from './context.ts';
import type { RegistryDatabase } from './database.ts';
import type { Person } from './people/person.ts';
import type { RequestRow } from './requests-table.ts';

export interface Codes {
  /** Only for somebody who had none. */
  readonly pin: string | null;
  readonly collectionCode: string;
  readonly printCode: string;
}

const DOCUMENT_NAMES = { ktpEl: 'KTP-el', kia: 'KIA', kk: 'Kartu Keluarga' } as const;

/** Queues one SMS and one e-mail. In this simulation the queue is where they end: nothing is sent. */
export function sendCodes(
  ctx: RegistryContext,
  to: Person,
  request: RequestRow,
  codes: Codes,
): void {
  const name = DOCUMENT_NAMES[request.documentKind];
  const pin = codes.pin === null ? '' : ` PIN masuk Anda ${codes.pin}; simpan, jangan diberikan.`;
  const sms =
    `[SPESIMEN] ${name} siap dicetak di Anjungan. Kode cetak ${codes.printCode}.${pin}` +
    ' Gratis: laporkan bila dimintai uang.';
  const email =
    `[SPESIMEN] Pindai kode pengambilan ini di Anjungan untuk mencetak ${name}, lalu masukkan kode` +
    ' cetak dari SMS. Berlaku dua tahun, mati setelah dokumen diserahkan.';
  const put = ctx.db.prepare(
    `INSERT INTO messages (person_id, request_id, at, channel, address, text, pin, collection_code,
       print_code) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const now = ctx.clock.now();
  const { personId, phone, email: mailbox } = to;
  const { requestId } = request;
  put.run(personId, requestId, now, 'sms', phone, sms, codes.pin, null, codes.printCode);
  put.run(personId, requestId, now, 'email', mailbox, email, null, codes.collectionCode, null);
}

const messageRowSchema = z.object({
  messageId: z.number(),
  personId: z.string(),
  requestId: z.string().nullable(),
  at: z.number(),
  channel: z.enum(['sms', 'email']),
  address: z.string(),
  text: z.string(),
  pin: z.string().nullable(),
  collectionCode: z.string().nullable(),
  printCode: z.string().nullable(),
});
export type Message = z.infer<typeof messageRowSchema>;

/** Newest first; of everybody when `personId` is null. */
export function messagesOf(
  db: RegistryDatabase,
  personId: string | null,
  limit: number,
): readonly Message[] {
  return db
    .prepare(
      `SELECT message_id AS messageId, person_id AS personId, request_id AS requestId, at, channel,
         address, text, pin, collection_code AS collectionCode, print_code AS printCode
       FROM messages WHERE ? IS NULL OR person_id = ? ORDER BY message_id DESC LIMIT ?`,
    )
    .all(personId, personId, limit)
    .map((row) => messageRowSchema.parse(row));
}
