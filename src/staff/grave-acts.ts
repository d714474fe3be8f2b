import type { GraveAct, GraveAction, GraveActOf } from '../domain/grave-act.ts';
import type { Result } from '../base/result.ts';
import type { Append } from '../journal/journal.ts';
import type { Role } from '../domain/role.ts';
import type { Person } from './people.ts';

/** Why an act cannot be done: one plain code, such as `loadedBefore`, and what it is about. */
export interface NotPossible {
  readonly kind: 'notPossible';
  readonly reason: string;
  /** Such as the serial in question. */
  readonly facts?: Readonly<Record<string, string | number | readonly string[]>>;
}

/**
 * What an act comes to in the record. Asked when it is proposed, to refuse at once what cannot be, and
 * again with the last yes; what that second answer holds is committed together with the yes. Looks only:
 * synchronous, and without any effect of its own.
 */
export type Deed<A extends GraveAct> = (
  act: A,
  who: {
    /**
     * Identifiers of the people: one where one person decides, else two. While an act is only proposed
     * the second of them is nobody's, and what the deed answers is not committed.
     */
    readonly by: readonly string[];
    /** Names the decision; null where one person decides. */
    readonly proposalId: string | null;
  },
) => Result<Pick<Append, 'events' | 'also'>, NotPossible>;

/** Who does what: one deed for each action. */
export type Deeds = { readonly [A in GraveAction]: Deed<GraveActOf<A>> };

export type Part = 'none' | 'propose' | 'approve' | 'both';

interface GraveActRule {
  readonly people: 1 | 2;
  readonly parts: Readonly<Record<Role, Part>>;
}

/**
 * Who may do what. Whoever makes accounts, and whoever audits, has no hand in stock or outcomes. What
 * became of a citizen's document is never settled by technicians alone.
 */
export const graveActRules: Readonly<Record<GraveAction, GraveActRule>> = {
  resolveCard: two({ technician: 'propose', reviewer: 'both', supervisor: 'both' }),
  resolvePaper: one({ technician: 'propose', reviewer: 'propose', supervisor: 'propose' }),
  waiveHolderCheck: one({ technician: 'none', reviewer: 'propose', supervisor: 'propose' }),
  closeIncident: two({ technician: 'propose', reviewer: 'both', supervisor: 'both' }),
  loadStock: two({ technician: 'both', reviewer: 'none', supervisor: 'both' }),
  unloadStock: two({ technician: 'both', reviewer: 'none', supervisor: 'both' }),
  emptyBin: two({ technician: 'both', reviewer: 'none', supervisor: 'both' }),
  countStock: one({ technician: 'propose', reviewer: 'none', supervisor: 'propose' }),
  printTestCard: two({ technician: 'both', reviewer: 'none', supervisor: 'both' }),
  correctStock: two({ technician: 'propose', reviewer: 'none', supervisor: 'both' }),
};

type Hands = Readonly<Record<'technician' | 'reviewer' | 'supervisor', Part>>;

function two(hands: Hands): GraveActRule {
  return { people: 2, parts: { ...hands, administrator: 'none', auditor: 'none' } };
}

function one(hands: Hands): GraveActRule {
  return { ...two(hands), people: 1 };
}

/** True where one of the person's roles has that part in the action. */
export function mayTakePart(
  person: Pick<Person, 'roles'>,
  action: GraveAction,
  wanted: 'propose' | 'approve',
): boolean {
  return person.roles.some((role) => {
    const part = graveActRules[action].parts[role];
    return part === 'both' || part === wanted;
  });
}
