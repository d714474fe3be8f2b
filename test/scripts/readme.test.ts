import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import { root } from '../../scripts/stack/program.ts';

jest.setTimeout(60_000);

const readme = readFileSync(path.join(root, 'README.md'), 'utf8');

/** The commands that its own help names below these words; none where they are a command without others. */
function commandsBelow(...words: readonly string[]): string[] {
  const help = execFileSync(path.join(root, 'scripts/anjungan'), [...words, '--help'], {
    encoding: 'utf8',
  });
  const [, listed = ''] = help.split('\nCommands:\n');
  const names = [...listed.matchAll(/^ {2}([a-z-]+)/gm)].map(([, name = '']) => name);
  return names.filter((name) => name !== 'help');
}

/** The first words of the table's command lines; `stock load`, `unload` are two of stock. */
function commandsInTable(): Set<string> {
  const cells = [...readme.matchAll(/^\| (`.+?) \| /gm)].map(([, cell = '']) => cell);
  const commands = cells
    .flatMap((cell) => cell.split('; '))
    .flatMap((together) => {
      const lines = [...together.matchAll(/`([^`]+)`/g)].map(([, line = '']) => line.split(' '));
      const group = lines[0]?.length === 1 ? [] : (lines[0]?.slice(0, 1) ?? []);
      return lines.map((line) => (line.length === 1 ? [...group, ...line] : line.slice(0, 2)));
    });
  return new Set(commands.map((words) => words.join(' ')));
}

describe('the README', () => {
  it('has every command of anjungan in its table', () => {
    const all = commandsBelow().flatMap((word) => {
      const below = commandsBelow(word);
      return below.length === 0 ? [word] : below.map((name) => `${word} ${name}`);
    });
    expect(all).toContain('stock load');
    const told = commandsInTable();
    expect(all.filter((command) => !told.has(command))).toEqual([]);
  });

  it('starts the independent verifier on a Node that has SQLite', () => {
    const [, command = ''] = /`(\S+ scripts\/verify-journal\.mjs \S+)`/.exec(readme) ?? [];
    const { status, stderr } = spawnSync('bash', ['-c', command], { cwd: root, encoding: 'utf8' });
    // It ran, and there is no such journal.
    expect([status, stderr]).toEqual([2, expect.stringContaining('FOLDER/keys/journal.pub.pem')]);
  });
});
