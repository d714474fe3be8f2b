import { describe, expect, it } from '@jest/globals';
import { graveActSchema, type GraveAction } from '../../src/domain/grave-act.ts';
import { roleSchema, type Role } from '../../src/domain/role.ts';
import { graveActRules, mayTakePart } from '../../src/staff/grave-acts.ts';

/** Written out by hand, cell for cell: P proposes, A agrees, B both, - neither. */
const expected: Readonly<Record<GraveAction, Readonly<Record<Role, 'P' | 'A' | 'B' | '-'>>>> = {
  resolveCard: {
    administrator: '-',
    technician: 'P',
    reviewer: 'B',
    supervisor: 'B',
    auditor: '-',
  },
  resolvePaper: {
    administrator: '-',
    technician: 'P',
    reviewer: 'P',
    supervisor: 'P',
    auditor: '-',
  },
  closeIncident: {
    administrator: '-',
    technician: 'P',
    reviewer: 'B',
    supervisor: 'B',
    auditor: '-',
  },
  loadStock: {
    administrator: '-',
    technician: 'B',
    reviewer: '-',
    supervisor: 'B',
    auditor: '-',
  },
  unloadStock: {
    administrator: '-',
    technician: 'B',
    reviewer: '-',
    supervisor: 'B',
    auditor: '-',
  },
  emptyBin: {
    administrator: '-',
    technician: 'B',
    reviewer: '-',
    supervisor: 'B',
    auditor: '-',
  },
  countStock: {
    administrator: '-',
    technician: 'P',
    reviewer: '-',
    supervisor: 'P',
    auditor: '-',
  },
  waiveHolderCheck: {
    administrator: '-',
    technician: '-',
    reviewer: 'P',
    supervisor: 'P',
    auditor: '-',
  },
  printTestCard: {
    administrator: '-',
    technician: 'B',
    reviewer: '-',
    supervisor: 'B',
    auditor: '-',
  },
  correctStock: {
    administrator: '-',
    technician: 'P',
    reviewer: '-',
    supervisor: 'B',
    auditor: '-',
  },
};

const actions = graveActSchema.options.map(({ shape }) => shape.action.value);
const cells = actions.flatMap((action) =>
  roleSchema.options.map((role) => [role, action, expected[action][role]] as const),
);

describe('who may do what', () => {
  it.each(cells)('lets a %s take its part in %s: %s', (role, action, part) => {
    const may = {
      propose: mayTakePart({ roles: [role] }, action, 'propose'),
      approve: mayTakePart({ roles: [role] }, action, 'approve'),
    };
    expect(may).toEqual({
      propose: part === 'P' || part === 'B',
      approve: part === 'A' || part === 'B',
    });
  });

  it('covers every role and every action', () => {
    expect(Object.keys(graveActRules).sort()).toEqual([...actions].sort());
    expect(cells).toHaveLength(actions.length * roleSchema.options.length);
  });

  it('adds the parts of several roles up, and takes nothing from having none of them', () => {
    const both = { roles: ['technician', 'auditor'] } as const;
    expect(mayTakePart(both, 'loadStock', 'approve')).toBe(true);
    expect(mayTakePart({ roles: ['administrator', 'auditor'] }, 'loadStock', 'propose')).toBe(
      false,
    );
    expect(mayTakePart({ roles: [] }, 'resolvePaper', 'propose')).toBe(false);
  });

  it('asks for two people for everything but paper, the word for a holder and a count', () => {
    const alone = actions.filter((action) => graveActRules[action].people === 1);
    expect(alone).toEqual(['resolvePaper', 'waiveHolderCheck', 'countStock']);
  });

  it('leaves no act for two that nobody may propose or nobody else may agree to', () => {
    for (const action of actions) {
      const parts = roleSchema.options.map((role) => graveActRules[action].parts[role]);
      expect(parts.some((part) => part === 'both' || part === 'propose')).toBe(true);
      const agreeing = parts.filter((part) => part === 'both' || part === 'approve');
      expect([action, agreeing.length > 0]).toEqual([action, graveActRules[action].people === 2]);
    }
  });
});
