import type { GraveAct } from '../domain/grave-act.ts';
import type { ProposalView, StaffItem } from '../rpc/staff.ts';
import { BAD_NEWS, GOOD, NO_ANSWER, table, type Report } from './output.ts';
import { answerOf, refused } from './staff-answer.ts';
import { asPerson, type AskAsPerson } from './staff-link.ts';
import { askLine, type LoginOptions } from './staff-login.ts';

/** `anjungan staff items`: what waits for people, and what they may say of it. */
export const staffItems = (dataFolder: string, login: LoginOptions): Promise<Report> =>
  asPerson(dataFolder, login, async (ask) => {
    const asked = await ask({ ask: 'items' });
    if (!asked.ok) return refused(asked.error);
    const { items } = answerOf(asked.value, 'items');
    const none = ['No outcome waits for people. What else may: anjungan status, stock incidents.'];
    const lines = items.length === 0 ? none : items.flatMap(itemLines);
    return { json: items, lines, exitStatus: items.some(isOpen) ? BAD_NEWS : GOOD };
  });

/** `anjungan staff proposals`: what one person proposed and another has to agree to. */
export const staffProposals = (dataFolder: string, login: LoginOptions): Promise<Report> =>
  asPerson(dataFolder, login, async (ask) => {
    const asked = await ask({ ask: 'proposals' });
    if (!asked.ok) return refused(asked.error);
    const { proposals } = answerOf(asked.value, 'proposals');
    const none = ['Nothing waits for a second person.'];
    const lines = proposals.length === 0 ? none : proposals.flatMap(proposalLines);
    return { json: proposals, lines, exitStatus: GOOD };
  });

/** Proposes a grave act; where one person suffices it is done then. */
export const proposeAct = (
  dataFolder: string,
  login: LoginOptions,
  act: GraveAct,
): Promise<Report> => asPerson(dataFolder, login, (ask) => propose(ask, act));

/** `anjungan staff resolve`: says what became of an attempt; for a card another person has to agree. */
export const staffResolve = (
  dataFolder: string,
  login: LoginOptions,
  {
    attemptId,
    choice,
  }: { readonly attemptId: string; readonly choice: StaffItem['choices'][number] },
): Promise<Report> =>
  asPerson(dataFolder, login, async (ask) => {
    const asked = await ask({ ask: 'items' });
    if (!asked.ok) return refused(asked.error);
    const item = answerOf(asked.value, 'items').items.find((one) => one.attemptId === attemptId);
    if (item === undefined) return refused({ refused: 'notPossible', reason: 'unknownAttempt' });
    const action = item.people === 1 ? 'resolvePaper' : 'resolveCard';
    return propose(ask, { action, attemptId, choice });
  });

/** `anjungan staff waive`: vouches for the person at the terminal, whom no finger told from others. */
export const waiveHolderCheck = (dataFolder: string, login: LoginOptions): Promise<Report> =>
  asPerson(dataFolder, login, async (ask) => {
    const asked = await ask({ ask: 'waitingCard' });
    if (!asked.ok) return refused(asked.error);
    const { attemptId } = answerOf(asked.value, 'waitingCard');
    if (attemptId !== null) return propose(ask, { action: 'waiveHolderCheck', attemptId });
    const lines = ['No card waits for its holder.'];
    return { json: { error: { kind: 'noHolderCheck' } }, lines, exitStatus: BAD_NEWS };
  });

/** `anjungan approve`: the second yes, to what the person has read; by program with the digest of it. */
export const approve = (
  dataFolder: string,
  login: LoginOptions,
  yes: { readonly proposalId: string; readonly digest: string | null },
): Promise<Report> =>
  asPerson(dataFolder, login, async (ask) => {
    const asked = await ask({ ask: 'proposals' });
    if (!asked.ok) return refused(asked.error);
    const { proposals } = answerOf(asked.value, 'proposals');
    const proposal = proposals.find(({ proposalId }) => proposalId === yes.proposalId);
    if (proposal === undefined) return refused({ refused: 'noSuchProposal' });
    const digest = yes.digest ?? (await readAndAgree(proposal));
    if (digest === null) {
      const lines = ['Nothing was done: nobody said yes.'];
      return { json: { error: { kind: 'noYes' } }, lines, exitStatus: NO_ANSWER };
    }
    const done = await ask({ ask: 'approve', proposalId: yes.proposalId, digest });
    if (!done.ok) return refused(done.error);
    const { act } = answerOf(done.value, 'approved');
    const lines = ['Done:', ...actLines(act), ...afterwards(act)];
    return { json: { done: act }, lines, exitStatus: GOOD };
  });

/** What the people at the command line have to look for after an act that goes on by itself. */
const afterwards = ({ action }: GraveAct): string[] =>
  action === 'printTestCard'
    ? [
        'It is printed now and falls into the reject bin. See what became of it: anjungan stock test-cards',
      ]
    : [];

/** `anjungan decline`: says no, or takes one's own proposal back. */
export const decline = (
  dataFolder: string,
  login: LoginOptions,
  proposalId: string,
): Promise<Report> =>
  asPerson(dataFolder, login, async (ask) => {
    const done = await ask({ ask: 'decline', proposalId });
    if (!done.ok) return refused(done.error);
    return { json: { declined: proposalId }, lines: ['Declined.'], exitStatus: GOOD };
  });

async function propose(ask: AskAsPerson, act: GraveAct): Promise<Report> {
  const done = await ask({ ask: 'propose', act });
  if (!done.ok) return refused(done.error);
  const { proposal } = answerOf(done.value, 'proposed');
  if (proposal === null) {
    return { json: { done: act }, lines: ['Done:', ...actLines(act)], exitStatus: GOOD };
  }
  const lines = [
    ...proposalLines(proposal),
    `Nothing is done yet. Another person agrees with: anjungan approve ${proposal.proposalId}`,
  ];
  return { json: { proposal }, lines, exitStatus: GOOD };
}

/** The digest of what the person read and said yes to; null: they did not, or there is no terminal to read it on. */
async function readAndAgree(proposal: ProposalView): Promise<string | null> {
  if (!process.stdin.isTTY) return null;
  process.stderr.write(`${proposalLines(proposal).join('\n')}\n`);
  return (await askLine('Type yes to have it done: ')) === 'yes' ? proposal.digest : null;
}

const isOpen = ({ state }: StaffItem): boolean => state !== 'resolvedUnknown';

/** What the registry said against the terminal, and what to do about it. */
const disputeSentence: Readonly<Record<NonNullable<StaffItem['dispute']>, string>> = {
  conflict:
    'has another story of this attempt; compare both with the office, then decide what became of it',
  unknownReservation:
    'denies having reserved this request; tell the office before you decide what became of it',
};

const HELD_BACK =
  'printed well, in the reject bin, and nobody proved whose it is. Hand it to its holder and say handedOver, or make it useless and say destroyed: then another may be printed.';

const itemLines = (item: StaffItem): string[] => [
  `${item.attemptId} (${item.documentKind}, request ${item.requestId}): ${item.state}${item.closesCardPath ? '; NO CARD IS PRINTED UNTIL IT IS DECIDED' : ''}`,
  ...indented([
    ['since', new Date(item.openedAt).toISOString()],
    [
      'outcome',
      `${item.outcome ?? 'none'}, evidence ${item.evidence}, fault ${item.faultCode ?? '-'}`,
    ],
    [
      'blank',
      item.blank === null
        ? '-'
        : `${item.blank.serial} (${item.blank.kind}, batch ${item.blank.batch}), ${item.blank.place}`,
    ],
    ...(item.dispute === null ? [] : ([['registry', disputeSentence[item.dispute]]] as const)),
    ['sensors', item.sensors === null ? '-' : JSON.stringify(item.sensors)],
    ['old card', item.oldCard],
    ['people', String(item.people)],
    ['choices', item.choices.join(' ') || '-'],
    ...(item.state === 'heldBack' ? ([['held back', HELD_BACK]] as const) : []),
  ]),
];

const proposalLines = (proposal: ProposalView): string[] => [
  `${proposal.proposalId}, proposed by ${proposal.proposedBy} (${proposal.channel}), ends in ${Math.ceil(proposal.endsInMs / 1000)} s`,
  ...actLines(proposal.act),
  `  digest ${proposal.digest}`,
];

const actLines = (act: GraveAct): string[] =>
  indented(
    Object.entries(act).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );

const indented = (rows: readonly (readonly string[])[]): string[] =>
  table(rows).map((line) => `  ${line}`);
