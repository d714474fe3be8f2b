import { execFileSync } from 'node:child_process';

export interface RunningProcess {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

/** The processes of the machine, with their command lines cut at 200 characters. */
export function running(): RunningProcess[] {
  const listed = execFileSync('ps', ['-e', '-o', 'pid=,ppid=,args=', '--cols', '200'], {
    encoding: 'utf8',
    timeout: 10_000,
  });
  return listed.split('\n').flatMap((line) => {
    const [, pid, parent, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return command === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), command }];
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
