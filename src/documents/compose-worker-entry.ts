import { parentPort } from 'node:worker_threads';
import { assert, assertNever } from '../base/assert.ts';
import { ok } from '../base/result.ts';
import { composeCard } from './compose-card.ts';
import type { ComposeWork, WorkName, WorkRequest } from './compose-work.ts';
import { composeReceipt } from './receipt/compose-receipt.ts';
import { verifySignedPdf } from './signature/verify.ts';

const port = parentPort;
assert(port !== null, 'this file is the entry of a worker thread');

port.on('message', (request: WorkRequest) => {
  void work(request).then((answer) => port.postMessage(answer, buffersOf(answer)));
});

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
    default:
      return assertNever(request);
  }
}

/** Rasters of 2.5 MB are handed over, not copied. */
function buffersOf(answer: ComposeWork[WorkName]['answer']): ArrayBuffer[] {
  if (!answer.ok || !('sides' in answer.value)) return [];
  return answer.value.sides.flatMap(({ rgba }) =>
    rgba.buffer instanceof ArrayBuffer ? [rgba.buffer] : [],
  );
}
