import { inflateSync } from 'node:zlib';
import { err, ok, type Result } from '../../base/result.ts';
import type { SignatureError } from './signature-error.ts';

/** What a page to be printed has no use for (ISO 32000-1, 12.6.4, 7.11.4, 12.7.8). */
const ACTIVE_NAMES = [
  'JavaScript',
  'EmbeddedFile',
  'EmbeddedFiles',
  'Launch',
  'URI',
  'GoToR',
  'GoToE',
  'SubmitForm',
  'ImportData',
  'OpenAction',
  'RichMedia',
  'Rendition',
  'Movie',
  'XFA',
] as const;

const WATCHED = [...ACTIVE_NAMES, 'Encrypt', 'ObjStm', 'ByteRange'];
const MAX_OBJECT_STREAM_BYTES = 32 * 1024 * 1024;
const NAME_END = '(?![^\\s()<>\\[\\]{}/%])';

/**
 * Looks for encryption and active content in every object, those in compressed object streams included.
 * A watched name written with `#xx` escapes has something to hide and is refused as such.
 */
export function refuseActiveContent(bytes: Uint8Array): Result<void, SignatureError> {
  const raw = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  const streams = objectStreams(raw);
  if (!streams.ok) return streams;
  for (const text of [raw, ...streams.value]) {
    const plain = text.replace(/#([0-9a-fA-F]{2})/g, (_escape, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
    if (WATCHED.some((name) => count(plain, name) !== count(text, name))) {
      return err({ kind: 'disguisedContent' });
    }
    if (count(text, 'Encrypt') > 0) return err({ kind: 'encrypted' });
    const name = ACTIVE_NAMES.find((active) => count(text, active) > 0);
    if (name !== undefined) return err({ kind: 'activeContent', name });
  }
  const inStreams = streams.value.some((text) => count(text, 'ByteRange') > 0);
  return inStreams ? err({ kind: 'severalSignatures' }) : ok(undefined);
}

const count = (text: string, name: string): number =>
  text.match(new RegExp(`/${name}${NAME_END}`, 'g'))?.length ?? 0;

/** The objects inside `/Type /ObjStm` streams (ISO 32000-1, 7.5.7). */
function objectStreams(raw: string): Result<string[], SignatureError> {
  const texts: string[] = [];
  for (const { index } of raw.matchAll(/\/ObjStm/g)) {
    const dictionary = raw.slice(raw.lastIndexOf(' obj', index), raw.indexOf('stream', index));
    const filters = /\/Filter\s*(\[[^\]]*\]|\/\w+)/.exec(dictionary)?.[1] ?? '';
    if (!/^\[?\s*\/FlateDecode\s*\]?$/.test(filters) || dictionary.includes('/DecodeParms')) {
      return err({ kind: 'disguisedContent' });
    }
    const start = raw.indexOf('stream', index) + 'stream'.length;
    const body = raw.slice(start, raw.indexOf('endstream', start)).replace(/^\r?\n/, '');
    try {
      const limit = { maxOutputLength: MAX_OBJECT_STREAM_BYTES };
      texts.push(inflateSync(Buffer.from(body, 'latin1'), limit).toString('latin1'));
    } catch {
      return err({ kind: 'unreadable' });
    }
  }
  return ok(texts);
}
