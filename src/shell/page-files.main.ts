import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { err, ok, type Result } from '../base/result.ts';

export const PAGE_SCHEME = 'app';
export const PAGE_ORIGIN = 'app://ui';
export const CITIZEN_PAGE = `${PAGE_ORIGIN}/citizen/index.html`;

/** The staff's and technician's pages lie beside these and are no business of the citizen's window. */
const SERVED_FOLDERS = ['citizen', 'assets'];

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.woff2': 'font/woff2',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
};

export interface PageFile {
  readonly path: string;
  readonly contentType: string;
}

export type PageFileError = { readonly kind: 'methodNotAllowed' } | { readonly kind: 'notFound' };

/** The file that answers a request for `app://ui/…`; never one outside `root`, not even by a link. */
export async function findPageFile(
  root: string,
  request: { readonly method: string; readonly url: string },
): Promise<Result<PageFile, PageFileError>> {
  if (request.method !== 'GET') return err({ kind: 'methodNotAllowed' });
  const segments = segmentsOf(request.url);
  const contentType = CONTENT_TYPES[path.extname(segments?.at(-1) ?? '')];
  if (segments === null || contentType === undefined) return err({ kind: 'notFound' });
  if (!SERVED_FOLDERS.includes(segments[0] ?? '')) return err({ kind: 'notFound' });
  const realRoot = await realpath(root);
  const found = await realPathOf(path.join(realRoot, ...segments));
  if (!found?.startsWith(realRoot + path.sep)) return err({ kind: 'notFound' });
  return ok({ path: found, contentType });
}

/** The decoded parts of the path, or null where a part could mean anything but a plain name. */
function segmentsOf(address: string): string[] | null {
  const { protocol, host, pathname } = new URL(address);
  if (`${protocol}//${host}` !== PAGE_ORIGIN) return null;
  const segments: string[] = [];
  for (const encoded of pathname.split('/').slice(1)) {
    let name: string;
    try {
      name = decodeURIComponent(encoded);
    } catch (error) {
      if (error instanceof URIError) return null;
      throw error;
    }
    if (!/^[\w-][\w.-]*$/.test(name)) return null;
    segments.push(name);
  }
  return segments;
}

async function realPathOf(file: string): Promise<string | null> {
  try {
    return await realpath(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw error;
  }
}
