import { cutSignedDocument } from './signed-document.ts';

// node signed-document.main.ts [STRIDE]: every byte where nothing else is said.
const begun = performance.now();
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const { points, missed, replyBytes, violations } = await cutSignedDocument(
  Number(process.argv[2] ?? '1'),
  say,
);
say(
  `${replyBytes} bytes come back with a signed KK; ${missed} more cuts would have been past the end`,
);
const seconds = Math.round((performance.now() - begun) / 1000);
say(`${points} cuts, ${violations.length} violations, ${seconds} s`);
process.exitCode = violations.length === 0 && points > 0 ? 0 : 1;
