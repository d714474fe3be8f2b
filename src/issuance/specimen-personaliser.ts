import type { CardChannel } from '../../drivers/contract/card-channel.ts';
import { canonicalJson, sha256Hex } from '../base/canonical-json.ts';
import { err, ok, type Result } from '../base/result.ts';
import { fingerprintSchema, type Fingerprint } from '../registry/ports.ts';
import type { ChipContent, ChipFault, ChipPersonaliser } from './ports.ts';

/**
 * The identifier of our specimen application: proprietary range of ISO 7816-4 §12.2.3, then 'ANJ1'. It
 * is not that of an identity card, and no reader in use opens it.
 */
export const SPECIMEN_AID = Buffer.from('f0414e4a31', 'hex');

const FILE_FIELDS = 0x0101;
const FILE_PHOTO = 0x0102;
const FILE_DIGEST = 0x0103;
const FILES_FINGERS = [0x0104, 0x0105] as const;

/** Short commands carry at most 255 bytes; many contactless chips take fewer. */
const CHUNK_BYTES = 200;
/** ISO 7816-4 §5.6: 9000 is success; 6282 says that the file ended within what was asked for. */
const SW_SUCCESS = '9000';
const SW_END_OF_FILE = '6282';

interface ChipFile {
  readonly id: number;
  readonly bytes: Buffer;
}

/** Writes and reads the specimen application, and says in it that it is one. For specimen mode alone. */
export const specimenPersonaliser: ChipPersonaliser = {
  digestOf: (content) => digestOf(filesOf(content)),
  async personalise(channel, content) {
    const selected = await select(channel);
    if (!selected.ok) return selected;
    const files = filesOf(content);
    for (const file of files) {
      const blank = await isBlank(channel, file.id);
      if (!blank.ok) return blank;
      if (!blank.value) return err({ kind: 'notBlank' });
    }
    for (const file of files) {
      const written = await write(channel, file);
      if (!written.ok) return written;
    }
    const read = await readBack(channel, files);
    return read.ok ? ok({ digest: read.value.digest }) : read;
  },
  async verify(channel, content) {
    const selected = await select(channel);
    if (!selected.ok) return selected;
    const files = filesOf(content);
    const read = await readBack(channel, files);
    return read.ok ? ok({ ...read.value, fingerprints: read.value.fingers.map(fingerOf) }) : read;
  },
};

/** Each file begins with its length in four bytes, so that its end is known when it is read. */
function filesOf({ fields, photo, fingerprints }: ChipContent): readonly ChipFile[] {
  const text = Buffer.from(canonicalJson({ specimen: 'SPESIMEN', fields: { ...fields } }));
  const data = [
    { id: FILE_FIELDS, bytes: lengthFirst(text) },
    ...(photo === null ? [] : [{ id: FILE_PHOTO, bytes: lengthFirst(Buffer.from(photo)) }]),
    ...FILES_FINGERS.flatMap((id, at) => {
      const finger = fingerprints[at];
      return finger === undefined ? [] : [{ id, bytes: lengthFirst(bytesOf(finger)) }];
    }),
  ];
  return [...data, { id: FILE_DIGEST, bytes: lengthFirst(Buffer.from(digestOf(data), 'hex')) }];
}

const bytesOf = (finger: Fingerprint): Buffer => Buffer.from(canonicalJson({ ...finger }));

/** From a file that reads as it was written, so that it can be nothing else. */
const fingerOf = (file: Buffer): Fingerprint =>
  fingerprintSchema.parse(JSON.parse(file.subarray(4).toString()));

const lengthFirst = (bytes: Buffer): Buffer => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
};

const digestOf = (files: readonly ChipFile[]): string =>
  sha256Hex(Buffer.concat(files.map(({ bytes }) => bytes)));

async function readBack(
  channel: CardChannel,
  files: readonly ChipFile[],
): Promise<Result<{ readonly digest: string; readonly fingers: readonly Buffer[] }, ChipFault>> {
  const found: ChipFile[] = [];
  for (const { id, bytes } of files) {
    const read = await readFile(channel, id, bytes.length);
    if (!read.ok) return read;
    if (!read.value.equals(bytes)) return err({ kind: 'readBackDiffers' });
    found.push({ id, bytes: read.value });
  }
  const isFinger = ({ id }: ChipFile): boolean => FILES_FINGERS.some((one) => one === id);
  return ok({
    digest: digestOf(found),
    fingers: found.filter(isFinger).map(({ bytes }) => bytes),
  });
}

async function isBlank(channel: CardChannel, id: number): Promise<Result<boolean, ChipFault>> {
  const head = await readFile(channel, id, 4);
  return head.ok ? ok(head.value.every((byte) => byte === 0)) : head;
}

async function readFile(
  channel: CardChannel,
  id: number,
  length: number,
): Promise<Result<Buffer, ChipFault>> {
  const selected = await selectFile(channel, id);
  if (!selected.ok) return selected;
  const parts: Buffer[] = [];
  for (let at = 0; at < length; at += CHUNK_BYTES) {
    const size = Math.min(CHUNK_BYTES, length - at);
    const part = await send(channel, [0x00, 0xb0, at >> 8, at & 0xff, size]);
    if (!part.ok) return part;
    parts.push(part.value);
  }
  return ok(Buffer.concat(parts));
}

async function write(channel: CardChannel, file: ChipFile): Promise<Result<void, ChipFault>> {
  const selected = await selectFile(channel, file.id);
  if (!selected.ok) return selected;
  for (let at = 0; at < file.bytes.length; at += CHUNK_BYTES) {
    const part = file.bytes.subarray(at, at + CHUNK_BYTES);
    const answer = await send(channel, [0x00, 0xd6, at >> 8, at & 0xff, part.length, ...part]);
    if (!answer.ok) return answer;
  }
  return ok(undefined);
}

const select = (channel: CardChannel): Promise<Result<Buffer, ChipFault>> =>
  send(channel, [0x00, 0xa4, 0x04, 0x0c, SPECIMEN_AID.length, ...SPECIMEN_AID]);

const selectFile = (channel: CardChannel, id: number): Promise<Result<Buffer, ChipFault>> =>
  send(channel, [0x00, 0xa4, 0x02, 0x0c, 0x02, id >> 8, id & 0xff]);

async function send(
  channel: CardChannel,
  apdu: readonly number[],
): Promise<Result<Buffer, ChipFault>> {
  const answer = await channel.transmit(Uint8Array.from(apdu));
  if (!answer.ok) return answer;
  const bytes = Buffer.from(answer.value);
  const statusWord = bytes.subarray(-2).toString('hex');
  if (statusWord !== SW_SUCCESS && statusWord !== SW_END_OF_FILE) {
    return err({ kind: 'refused', statusWord });
  }
  return ok(bytes.subarray(0, -2));
}
