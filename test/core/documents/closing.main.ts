import { systemClock } from '../../../src/base/clock.ts';
import { DocumentProcess } from '../../../src/core/documents/document-process.ts';
import type { DocumentSettings } from '../../../src/core/documents/work.ts';

// A core at the end of its stop: there is nothing left that would keep it alive but the child it waits for.
const settings = { socketPath: '/nonexistent/documents.sock' } as DocumentSettings;
const documents = new DocumentProcess({ clock: systemClock, settings });
documents.warmUp();
await documents.close();
process.stdout.write('closed');
