import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';

const FEW = 20;
const MANY = 60;

/**
 * Flushes of one transaction, as the kernel sees them: two runs under strace, one with more transactions.
 * Each announcement comes with one other transaction, which has one flush too.
 */
export function flushesPerTransaction(folder: string): number {
  const few = flushesOf(path.join(folder, 'few'), FEW);
  const many = flushesOf(path.join(folder, 'many'), MANY);
  return (many - few) / (2 * (MANY - FEW));
}

function flushesOf(folder: string, transactions: number): number {
  const log = `${folder}.strace`;
  const child = path.join(import.meta.dirname, 'flushes-child.ts');
  const { status, error } = spawnSync(
    'strace',
    [
      ...['-f', '-o', log, '-e', 'trace=fsync,fdatasync,sync_file_range'],
      ...[process.execPath, child, folder, String(transactions)],
    ],
    { stdio: 'inherit' },
  );
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`the traced program ended with ${status ?? 'a signal'}`);
  return readFileSync(log, 'utf8')
    .split('\n')
    .filter((line) => /(fsync|fdatasync|sync_file_range)\(/.test(line)).length;
}
