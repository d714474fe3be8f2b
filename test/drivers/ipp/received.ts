import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What an ippeveprinter kept of the jobs of that name, byte for byte. */
export const documentsNamed = (jobsDir: string, jobName: string): Buffer[] =>
  readdirSync(jobsDir)
    .filter((file) => file.endsWith(`-${jobName.toLowerCase()}.pdf`))
    .map((file) => readFileSync(join(jobsDir, file)));
