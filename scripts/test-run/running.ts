import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

export interface RunningProcess {
  readonly pid: number;
  readonly parent: number;
  /** Its command line, cut at 200 characters. */
  readonly command: string;
}

/** The processes of the machine, as proc_pid_stat(5) tells of them. */
export function running(): RunningProcess[] {
  return numbersBelow('/proc').flatMap((pid) => {
    const stat = ifThere(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
    const command = ifThere(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
    if (stat === null || command === null) return [];
    // The name stands in brackets and may hold some itself.
    const [, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return [{ pid, parent: Number(parent), command: command.replaceAll('\0', ' ').slice(0, 200) }];
  });
}

/** A process and all that descend from it, parents first. */
export function familyOf(all: readonly RunningProcess[], pid: number): RunningProcess[] {
  const children = all.filter(({ parent }) => parent === pid);
  return [
    ...all.filter((one) => one.pid === pid),
    ...children.flatMap((child) => familyOf(all, child.pid)),
  ];
}

/** What a descriptor of a process leads to, such as `socket:[1234]`; null where it is not there. */
export const openedAs = (pid: number, descriptor: number): string | null =>
  ifThere(() => readlinkSync(`/proc/${pid}/fd/${descriptor}`));

/** The processes that have one of these open. */
export const holdersOf = (opened: ReadonlySet<string | null>): RunningProcess[] =>
  running().filter(({ pid }) =>
    (ifThere(() => numbersBelow(`/proc/${pid}/fd`)) ?? []).some((descriptor) => {
      const link = openedAs(pid, descriptor);
      return link !== null && opened.has(link);
    }),
  );

const numbersBelow = (folder: string): number[] =>
  readdirSync(folder)
    .filter((name) => /^\d+$/.test(name))
    .map(Number);

/** null for what went away meanwhile, and for what is another user's. */
function ifThere<T>(read: () => T): T | null {
  try {
    return read();
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH' || code === 'EACCES') return null;
    throw cause;
  }
}
