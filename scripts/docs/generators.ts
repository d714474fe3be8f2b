import { attemptStatesMarkdown } from '../../src/issuance/states-markdown.ts';
import { renderConfigKeys } from './config-keys.ts';
import { renderJournalEvents } from './journal-events.ts';
import { renderJournalFormat } from './journal-format.ts';

export interface DocGenerator {
  /** Where the document goes, from the root of the repository. */
  readonly path: string;
  readonly render: () => string | Promise<string>;
}

/** Every document that follows from code. Add one here; `npm run docs` writes it and a test watches it. */
export const docGenerators: readonly DocGenerator[] = [
  { path: 'src/journal/EVENTS.md', render: renderJournalEvents },
  { path: 'src/journal/FORMAT.md', render: renderJournalFormat },
  { path: 'src/core/config/CONFIG.md', render: renderConfigKeys },
  { path: 'src/issuance/STATES.md', render: attemptStatesMarkdown },
];
