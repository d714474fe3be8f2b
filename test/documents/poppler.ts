import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Runs one of poppler's programs on a file with these bytes; a missing program fails the test. */
export function poppler(
  program: 'pdfinfo' | 'pdftotext' | 'pdfsig' | 'pdffonts',
  pdf: Uint8Array,
  options: readonly string[] = [],
): string {
  const folder = mkdtempSync(join(tmpdir(), 'anjungan-pdf-'));
  try {
    const file = join(folder, 'page.pdf');
    writeFileSync(file, pdf);
    const output = program === 'pdftotext' ? ['-'] : [];
    return execFileSync(program, [...options, file, ...output], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
