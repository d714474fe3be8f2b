import { describe, expect, it, jest } from '@jest/globals';
import type { Command } from 'commander';
import { program } from '../../src/cli/program.ts';
import { anjungan } from './support/run.ts';

jest.setTimeout(60_000);

interface Called {
  readonly command: Command;
  /** How it is called, behind `anjungan`. */
  readonly words: readonly string[];
}

const under = (command: Command, words: readonly string[]): Called[] => [
  { command, words },
  ...command.commands.flatMap((inner) => under(inner, [...words, inner.name()])),
];
const all = under(program, []);
const groups = all.filter(({ command }) => command.commands.length > 0);

describe('anjungan', () => {
  it.each(groups.map((group) => [['anjungan', ...group.words].join(' '), group] as const))(
    'names in the help of %s every command there, each with what it does',
    async (_, { command, words }) => {
      const run = await anjungan(...words, '--help');
      expect(run).toMatchObject({ status: 0, stderr: '' });
      const named = [...run.stdout.matchAll(/^ {2}([a-z][a-z-]*) .*?  (\S.*)$/gm)];
      const told = new Map(named.map(([, name = '', says = '']) => [name, says]));
      told.delete('help');
      expect([...told.keys()]).toEqual(command.commands.map((inner) => inner.name()));
      for (const inner of command.commands) {
        const says = inner.summary() || inner.description();
        expect([inner.name(), says.startsWith(told.get(inner.name()) ?? '?')]).toEqual([
          inner.name(),
          true,
        ]);
      }
    },
  );

  it('says of every command what it does', () => {
    expect(all.length).toBeGreaterThan(30);
    const silent = all.filter(({ command }) => command.description().length < 10);
    expect(silent.map(({ words }) => words.join(' '))).toEqual([]);
  });

  it('names its exit statuses, and where else the data folder is taken from', async () => {
    const { stdout } = await anjungan('--help');
    expect(stdout).toContain('0 good, 1 bad news, 2 the question could not be answered');
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('(default: ".", env: ANJUNGAN_DATA)');
  });

  it('says what config check looks at', async () => {
    const run = await anjungan('config', 'check', '--help');
    expect(run.status).toBe(0);
    expect(run.stdout.replaceAll(/\s+/g, ' ')).toContain(
      'what core would refuse at start in the file, its keys and certificates, its drivers and their options',
    );
  });

  it('does not understand a command that it has not', async () => {
    const run = await anjungan('statsu');
    expect(run).toMatchObject({ status: 2, stdout: '' });
    expect(run.stderr).toContain("unknown command 'statsu'");
  });
});
