import { readFile } from 'node:fs/promises';
import { protocol, type Session } from 'electron';
import { PAGE_HEADERS } from './content-policy.main.ts';
import { findPageFile, PAGE_SCHEME } from './page-files.main.ts';

/** Must run before Electron is ready. No privilege for fetch, service workers or going round the policy. */
export function declarePageScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: PAGE_SCHEME, privileges: { standard: true, secure: true } },
  ]);
}

/** Serves the built pages under `root` to this session alone. */
export function servePages(session: Session, root: string): void {
  session.protocol.handle(PAGE_SCHEME, async (request) => {
    const file = await findPageFile(root, request);
    if (!file.ok) {
      const status = file.error.kind === 'methodNotAllowed' ? 405 : 404;
      return new Response(null, { status, headers: { ...PAGE_HEADERS } });
    }
    return new Response(new Uint8Array(await readFile(file.value.path)), {
      headers: { ...PAGE_HEADERS, 'content-type': file.value.contentType },
    });
  });
}
