import { assert, assertNever } from '../base/assert.ts';
import { ok } from '../base/result.ts';
import { composeCard } from './compose-card.ts';
import type { ComposeWork, WorkAnswer, WorkName, WorkRequest } from './compose-work.ts';
import { composeReceipt } from './receipt/compose-receipt.ts';
import { composeTestCard } from './test-card/compose.ts';
import { verifySignedPdf } from './signature/verify.ts';

assert(process.send !== undefined, 'this file is the entry of a child process with a channel');

process.on('message', (request: WorkRequest) => {
  say({ taken: true });
  work(request).then(
    (answer) => say({ answer }),
    (error: unknown) => say({ broke: nameOf(error) }),
  );
});
// Core is gone, and with it whatever this was wanted for.
process.on('disconnect', () => process.exit());
// What a parser throws out of turn: its name and nothing of its message, which may quote a document.
process.on('uncaughtException', (error) => say({ broke: nameOf(error) }));

const say = (answer: WorkAnswer): void => void process.send?.(answer);

function work(request: WorkRequest): Promise<ComposeWork[WorkName]['answer']> {
  switch (request.name) {
    case 'composeCard': {
      const { fields, photo, options } = request.argument;
      return composeCard(fields, photo, options);
    }
    case 'verifySignedPdf':
      return verifySignedPdf(request.argument.bytes, request.argument.expected);
    case 'composeReceipt': {
      const { content, mode } = request.argument;
      return composeReceipt(content, { mode }).then(ok);
    }
    case 'composeTestCard':
      return composeTestCard(request.argument.content);
    default:
      return assertNever(request);
  }
}

/** The code or class of an error. */
function nameOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'unknown';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return 'name' in error && typeof error.name === 'string' ? error.name : 'unknown';
}
