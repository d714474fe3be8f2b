import { simulatedReference } from '../../../drivers/biometric/simulated-template.ts';
import { byHand } from '../../drivers/biometric/by-hand.ts';
import { readJournal, settledIn } from '../../journey/support/journal-file.ts';
import { untilOutboxEmpty } from '../../journey/support/outbox-file.ts';
import { recordLength } from '../../journey/support/physical-record.ts';
import { untilHolds } from '../../journey/support/waiting.ts';
import { brokenPromises, recoveriesOverstepped } from './invariants.ts';
import { untilHostsAreGone } from './points.ts';
import { Visitor } from './script.ts';
import { World } from './world.ts';

// A real core that dies while it waits for the holder's finger, with none on the sensor and with a stranger's.
const FINGERS = ['rightIndex', 'leftIndex'] as const;
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const world = await World.start({ fingerSensor: true });
const broken: string[] = [];
const broke = (where: string, found: readonly string[]): void => {
  for (const text of found) {
    broken.push(text);
    say(`VIOLATION ${where}: ${text}`);
  }
};
let points = 0;
try {
  await world.startCore();
  for (const where of ['no finger', "a stranger's finger"]) {
    const visitor = await recorded();
    const { requestId } = await visitor.apply();
    const before = readJournal(world.dataDir);
    const since = { seq: before.rows.at(-1)?.seq ?? 0, moves: await recordLength(world) };
    const asked = Promise.withResolvers<undefined>();
    // It never ends: core goes away under it.
    const onFingerAsked = (): Promise<void> => {
      asked.resolve(undefined);
      return Promise.resolve();
    };
    const session = visitor.session({ onFingerAsked }).catch(() => null);
    await asked.promise;
    if (where !== 'no finger') await put('a stranger', 'rightIndex');
    await world.killCore();
    await session;
    await untilHostsAreGone(world);
    await world.startCore();
    points += 1;
    const recovered = readJournal(world.dataDir);
    await untilOutboxEmpty(world.dataDir);
    broke(where, recoveriesOverstepped(recovered, before));
    broke(where, await brokenPromises(world, [requestId], since));
    const end = settledIn(readJournal(world.dataDir), requestId).at(-1)?.outcome;
    if (end !== 'spoiled') broke(where, [`the card came to ${end ?? 'nothing'}`]);
  }
  const visitor = await recorded();
  await visitor.apply();
  const onFingerAsked = () => put(visitor.cast[0].personId, 'rightIndex');
  const end = await visitor.session({ onFingerAsked });
  if (end !== 'delivered') broke('the next holder', [`came to ${end}`]);
} finally {
  await world.stop();
}
say(`${points} points, ${broken.length} violations`);
process.exitCode = broken.length === 0 ? 0 : 1;

/** Somebody new who lost their KTP-el, and whose fingers the office has recorded. */
async function recorded(): Promise<Visitor> {
  const visitor = new Visitor(world, 'ktpEl');
  const [{ personId }] = visitor.cast;
  for (const finger of FINGERS) {
    const template = simulatedReference(personId, finger, 'iso19794-2').toString('base64');
    const body = { finger, format: 'iso19794-2', templateBase64: template };
    await world.front.post(`/front/api/people/${personId}/fingerprints`, body);
  }
  return visitor;
}

/** Lays a finger on the sensor; its engine may be another than a moment ago, since core or a session has ended. */
async function put(person: string, finger: string): Promise<void> {
  await untilHolds(
    () =>
      byHand(world.fingerSocket, { type: 'put', person, finger }).then(
        () => true,
        () => false,
      ),
    (done) => done,
    30_000,
  );
}
