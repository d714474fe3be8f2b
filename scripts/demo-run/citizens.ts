import type { Screen, SessionView } from '../../src/rpc/citizen-view.ts';
import { CitizenClient } from '../stack/citizen-client.ts';
import { applyAndApprove, findResidents, tapCard, type Resident } from '../stack/resident.ts';
import type { Stack } from '../stack/stack.ts';
import { Visit } from './visit.ts';

export interface Finished {
  readonly document: string;
  readonly attemptId: string;
  readonly outcome: string;
  readonly seconds: number;
}

type ResultScreen = Extract<Screen, { name: 'result' }>;

function resultOf(view: SessionView): ResultScreen {
  if (view.screen.name !== 'result') throw new Error(`no result but ${view.screen.name}`);
  if (view.screen.outcome !== 'delivered') throw new Error(JSON.stringify(view.screen));
  return view.screen;
}

async function visiting(
  stack: Stack,
  document: string,
  say: (line: string) => void,
  run: (visit: Visit) => Promise<{ readonly result: SessionView; readonly cardOnReader: boolean }>,
): Promise<Finished> {
  const client = await CitizenClient.connect(stack.core.endpoints.citizenSocket);
  await client.screen('welcome');
  const visit = new Visit(stack, client, say);
  const { result, cardOnReader } = await run(visit);
  const { referenceNumber, outcome } = resultOf(result);
  const seconds = await visit.leave(cardOnReader);
  client.close();
  return { document, attemptId: referenceNumber, outcome, seconds };
}

function first(residents: readonly Resident[], what: string): Resident {
  const [one] = residents;
  if (one === undefined) throw new Error(`the registry knows no ${what}`);
  return one;
}

/** A first or lost KTP-el, by scanned code and print code; one jam on the way spoils a blank, not the code. */
export async function lostKtpByCode(stack: Stack, say: (line: string) => void): Promise<Finished> {
  const resident = first(
    await findResidents(stack, { minAge: '30', maxAge: '60', standing: 'ordinary', sex: 'P' }),
    'adult woman',
  );
  const application = {
    personId: resident.personId,
    documentKind: 'ktpEl',
    reason: 'lost',
  } as const;
  const approved = await applyAndApprove(stack, application);
  say('applied and approved; the SMS with the print code has come');
  return visiting(stack, 'KTP-el, lost', say, async (visit) => {
    const jam = { step: 'print', fault: 'jam', when: 'before' };
    await stack.panel.post('/api/card-printer/fault', jam);
    await stack.panel.post('/api/scan', { payload: approved.collectionCode });
    await visit.client.screen('enterPrintCode');
    visit.client.choose({ kind: 'submitPrintCode', printCode: approved.printCode });
    const cleared = visit.client
      .until((view) => view.problem?.code === 'cardJammed', 120_000)
      .then(async () => {
        say(
          'a card jams, and the screen asks to call an officer; the technician drops it into the reject bin',
        );
        await stack.panel.post('/api/card-printer/clear-jam', {});
      });
    const result = await visit.confirmAndTake();
    await cleared;
    return { result, cardOnReader: false };
  });
}

/** A damaged KTP-el replaced: tapped card and PIN, the old card surrendered into the capture bin. */
export async function replacedKtpByCard(
  stack: Stack,
  say: (line: string) => void,
): Promise<Finished> {
  const resident = first(
    await findResidents(stack, { minAge: '30', maxAge: '60', standing: 'ordinary', sex: 'L' }),
    'adult man',
  );
  const approved = await applyAndApprove(stack, {
    personId: resident.personId,
    documentKind: 'ktpEl',
    reason: 'damaged',
    oldCard: 'toBeCapturedHere',
  });
  return visiting(stack, 'KTP-el, replaced', say, async (visit) => {
    await tapCard(stack, resident);
    await visit.client.screen('enterPin');
    visit.client.choose({ kind: 'submitPin', pin: approved.pin });
    await visit.client.screen('chooseDocument');
    visit.client.choose({ kind: 'chooseDocument', requestId: approved.requestId });
    await visit.client.screen('confirm');
    say('the old card goes from the reader into the slot');
    await stack.panel.post('/api/untap', {});
    const inserted = visit.client
      .screen('surrenderCard')
      .then(() => stack.panel.post('/api/slot/insert', { uidHex: resident.ektpUid }));
    const result = await visit.confirmAndTake();
    await inserted;
    return { result, cardOnReader: false };
  });
}

/** A KK by the e-KTP and PIN of the head of a large family: more than one sheet. */
export async function kkByCard(stack: Stack, say: (line: string) => void): Promise<Finished> {
  const heads = await findResidents(stack, {
    relationship: 'KEPALA KELUARGA',
    standing: 'ordinary',
  });
  const head = first(
    heads.filter((one) => one.familySize > 10 && one.familySize < 25),
    'large family',
  );
  const { personId } = head;
  const approved = await applyAndApprove(stack, {
    personId,
    documentKind: 'kk',
    reason: 'changed',
    applicantNik: head.nik,
  });
  return visiting(stack, `KK of ${head.familySize}`, say, async (visit) => {
    await tapCard(stack, head);
    await visit.client.screen('enterPin');
    visit.client.choose({ kind: 'submitPin', pin: approved.pin });
    await visit.client.screen('chooseDocument');
    visit.client.choose({ kind: 'chooseDocument', requestId: approved.requestId });
    return { result: await visit.confirmAndTake(), cardOnReader: true };
  });
}

/** A KIA by the mother's NIK and PIN. */
export async function kiaByMother(stack: Stack, say: (line: string) => void): Promise<Finished> {
  const children = await findResidents(stack, { minAge: '6', maxAge: '15', standing: 'ordinary' });
  const mothers = await findResidents(stack, {
    relationship: 'ISTRI',
    minAge: '20',
    standing: 'ordinary',
  });
  const pairs = children.flatMap((child) =>
    mothers
      .filter((mother) => mother.kkNumber === child.kkNumber && child.relationship === 'ANAK')
      .map((mother) => ({ child, mother })),
  );
  const [pair] = pairs;
  if (pair === undefined) throw new Error('the registry knows no mother of a child');
  const approved = await applyAndApprove(stack, {
    personId: pair.child.personId,
    documentKind: 'kia',
    reason: 'first',
    applicantNik: pair.mother.nik,
  });
  return visiting(stack, 'KIA, 5 to 17', say, async (visit) => {
    visit.client.choose({ kind: 'startWay', way: 'nik' });
    await visit.client.screen('enterNik');
    visit.client.choose({ kind: 'submitNik', nik: pair.mother.nik });
    await visit.client.screen('enterPin');
    visit.client.choose({ kind: 'submitPin', pin: approved.pin });
    await visit.client.screen('chooseDocument');
    visit.client.choose({ kind: 'chooseDocument', requestId: approved.requestId });
    return { result: await visit.confirmAndTake(), cardOnReader: false };
  });
}
