import { accessSync, constants } from 'node:fs';
import { delimiter, resolve } from 'node:path';

export type LabProblem =
  | { readonly kind: 'programMissing'; readonly program: string; readonly debianPackage: string }
  | { readonly kind: 'rootNeeded'; readonly program: string }
  | { readonly kind: 'folderTooLong'; readonly path: string }
  | { readonly kind: 'namespaceRefused'; readonly output: string }
  | { readonly kind: 'notReady'; readonly waitedFor: string; readonly output: string };

function sentence(problem: LabProblem): string {
  switch (problem.kind) {
    case 'programMissing':
      return `The lab needs ${problem.program}. As root: apt-get install -y --no-install-recommends ${problem.debianPackage}`;
    case 'rootNeeded':
      return `The lab needs root for ${problem.program}: run this as root.`;
    case 'folderTooLong':
      return `The lab's folder is too long for a Unix socket (108 bytes): ${problem.path}`;
    case 'namespaceRefused':
      return `This system allows no private network and mount namespace (run as root, or allow user namespaces): ${problem.output}`;
    case 'notReady':
      return `The lab waited in vain for ${problem.waitedFor}. It said: ${problem.output}`;
  }
}

/** The lab could not start. Nothing that needs it may count as passed. */
export class LabError extends Error {
  override readonly name = 'LabError';
  readonly problem: LabProblem;

  constructor(problem: LabProblem) {
    super(sentence(problem));
    this.problem = problem;
  }
}

/** Absolute paths of the programs, in the order asked, each a name or such a path; throws a `LabError` naming the package of an absent one. */
export function requirePrograms<const T extends readonly (readonly [string, string])[]>(
  programs: T,
): { [K in keyof T]: string } {
  // Daemons live in sbin, which an ordinary user's PATH leaves out.
  const folders = [
    ...(process.env['PATH'] ?? '').split(delimiter),
    '/usr/sbin',
    '/sbin',
    '/usr/bin',
  ];
  return programs.map(([program, debianPackage]) => {
    const found = folders.map((folder) => resolve(folder, program)).find(isExecutable);
    if (found === undefined) throw new LabError({ kind: 'programMissing', program, debianPackage });
    return found;
  }) as { [K in keyof T]: string };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
