import { flushCompileCache } from 'node:module';
import type { Socket } from 'node:net';
import type { CardChannel } from '../../../drivers/contract/card-channel.ts';
import { assert, assertNever } from '../../base/assert.ts';
import { systemClock } from '../../base/clock.ts';
import { chipChannel } from '../../issuance/chip-channel.ts';
import { documentChecks } from '../../issuance/document-checks.ts';
import { HeldDocuments } from '../../issuance/held-documents.ts';
import { specimenPersonaliser } from '../../issuance/specimen-personaliser.ts';
import { openRegistry } from '../open-registry.ts';
import { borrowedCommand } from './borrowed-command.ts';
import { MeetingPlace } from './meeting-place.ts';
import type {
  DocumentSettings,
  DocumentWork,
  ToDocuments,
  WorkAnswer,
  WorkName,
  WorkRequest,
} from './work.ts';

assert(process.send !== undefined, 'this file is the entry of a child process with a channel');

interface Opened {
  readonly documents: HeldDocuments;
  readonly place: MeetingPlace;
}

let opening: Promise<Opened> | null = null;

process.on('message', (message: ToDocuments) => {
  if ('settings' in message) {
    opening = open(message.settings);
    opening.catch((error: unknown) => say({ broke: nameOf(error) }));
    return;
  }
  answerTo(message)
    .then(
      (answer) => say({ answer }),
      (error: unknown) => say({ broke: nameOf(error) }),
    )
    // It never comes to an end of its own, at which Node would keep what it compiled.
    .finally(flushCompileCache);
});
// Core is gone, and with it whatever this was wanted for.
process.on('disconnect', () => process.exit());
// What a parser throws out of turn: its name and nothing of its message, which may quote a document.
process.on('uncaughtException', (error) => say({ broke: nameOf(error) }));

const say = (answer: WorkAnswer): void => void process.send?.(answer);

async function open({ registry, trust, socketPath }: DocumentSettings): Promise<Opened> {
  const place = await MeetingPlace.open(socketPath);
  const { documents: source } = openRegistry(registry, {
    clock: systemClock,
    onDate: () => undefined,
    // Core asks the same servers, and says so.
    onDenied: () => undefined,
    // Who fetches says which request it is for.
    recordedRequest: () => null,
  });
  const documents = new HeldDocuments({
    source,
    checks: documentChecks(trust, systemClock),
    personaliser: specimenPersonaliser,
    hold: (bytes) => place.hold(bytes),
    letGo: () => place.letGo(),
  });
  return { documents, place };
}

async function answerTo(request: WorkRequest): Promise<DocumentWork[WorkName]['answer']> {
  assert(opening !== null, 'settings come first');
  const opened = await opening;
  // At this word core sends the host, which is expected before anything else can be heard.
  say({ taken: true });
  return work(opened, request);
}

function work(
  { documents, place }: Opened,
  request: WorkRequest,
): Promise<DocumentWork[WorkName]['answer']> {
  switch (request.name) {
    case 'fetch':
      return documents.fetch(request.argument.attemptId, request.argument.options);
    case 'check':
      return documents.check(request.argument);
    case 'compose':
      return documents.compose(request.argument.attemptId);
    case 'writeChip': {
      const { attemptId, ticket } = request.argument;
      return borrowing(place, ticket, (socket) => documents.writeChip(attemptId, chipOver(socket)));
    }
    case 'verifyChip': {
      const { attemptId, ticket } = request.argument;
      return borrowing(place, ticket, (socket) =>
        documents.verifyChip(attemptId, chipOver(socket)),
      );
    }
    case 'matchHolder': {
      const { attemptId, ticket, finger } = request.argument;
      return borrowing(place, ticket, (socket) => {
        const capture = borrowedCommand('biometric', 'captureAndMatch', socket, systemClock);
        return documents.matchHolder(attemptId, finger, capture);
      });
    }
    case 'composeTestCard': {
      const { argument } = request;
      return import('../../documents/test-card/compose.ts').then(({ composeTestCard }) =>
        composeTestCard(argument),
      );
    }
    default:
      return assertNever(request);
  }
}

const chipOver = (socket: Socket): CardChannel =>
  chipChannel(borrowedCommand('cardPrinter', 'transmitToChip', socket, systemClock));

/** Waits for the host that lends, and hangs up when done. */
async function borrowing<T>(
  place: MeetingPlace,
  ticket: string,
  use: (socket: Socket) => Promise<T>,
): Promise<T> {
  const socket = await place.expect(ticket);
  try {
    return await use(socket);
  } finally {
    socket.end();
  }
}

/** The code or class of an error. */
function nameOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'unknown';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return 'name' in error && typeof error.name === 'string' ? error.name : 'unknown';
}
