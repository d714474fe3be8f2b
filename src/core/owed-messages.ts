import { newId } from '../base/ids.ts';
import type { Journal } from '../journal/journal.ts';
import type { SessionDeps } from '../session/deps.ts';

/** Puts what a citizen said of the service or of the data into the record and the outbox at once. */
export function owedMessages(journal: Journal): SessionDeps['enqueue'] {
  return async (message, sessionId) => {
    const key = newId('msg');
    if (message.kind === 'feedback') {
      const { element, score } = message;
      await journal.append({
        events: [{ kind: 'feedback.given', sessionId, element, score }],
        also: (tx) =>
          tx.enqueue(key, { kind: 'feedback', feedback: { sessionId, element, score } }),
      });
      return;
    }
    const { requestId } = message;
    await journal.append({
      events: [{ kind: 'correction.sent', sessionId, requestId }],
      also: (tx) =>
        tx.enqueue(key, {
          kind: 'correction',
          correction: { requestId, sessionId, note: 'dataWrong' },
        }),
    });
  };
}
