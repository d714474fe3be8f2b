import { closeSync, openSync } from 'node:fs';
import { systemClock } from '../../../src/base/clock.ts';
import { DocumentProcess } from '../../../src/core/documents/document-process.ts';
import type { DocumentSettings } from '../../../src/core/documents/work.ts';

// Every descriptor that this process may have is taken; none is left for a child. Nothing of the settings
// is looked at before there is one.
const settings = { socketPath: '/nonexistent/documents.sock' } as DocumentSettings;
const documents = new DocumentProcess({ clock: systemClock, settings });
const taken: number[] = [];
try {
  for (;;) taken.push(openSync('/dev/null', 'r'));
} catch (cause) {
  if ((cause as NodeJS.ErrnoException).code !== 'EMFILE') throw cause;
}
documents.warmUp();
const answer = await documents.fetch('att_none', { deadlineMs: 1_000 });
for (const one of taken) closeSync(one);
process.stdout.write(JSON.stringify(answer));
