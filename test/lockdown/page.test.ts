import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { label } from './attacks/attack.ts';
import { leavingAttacks } from './attacks/leaving.ts';
import { networkAttacks } from './attacks/network.ts';
import { powerAttacks } from './attacks/powers.ts';
import { Rig } from './rig.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await Rig.start('page');
}, 240_000);
afterAll(() => rig.stop(), 60_000);

const families = [
  { family: 'leaves', attacks: leavingAttacks },
  { family: 'reaches a network', attacks: networkAttacks },
  { family: 'takes powers', attacks: powerAttacks },
];

describe.each(families)('a page that was taken over $family', ({ attacks }) => {
  it.each(attacks.map((attack) => ({ attack, name: label(attack) })))(
    'only in the control when it $name',
    async ({ attack }) => {
      const seen = await rig.attackShell(attack);
      expect({ gotOut: attack.gotOut(seen), seen }).toMatchObject({ gotOut: false });
      expect(seen.heard).toBe(0);
      expect(await rig.damage()).toEqual([]);
      if (attack.noControl !== undefined) return;
      let fired = false;
      try {
        await rig.attackControl(attack);
        fired = true;
      } finally {
        await rig.freshControl({ broken: !fired || attack.breaksControl === true });
      }
    },
    120_000,
  );
});

describe('after all those attacks', () => {
  it('the shell has opened one window and shown one page, and core heard nothing strange', () => {
    const count = (name: string): number =>
      rig.hard.notices.filter((notice) => notice.name === name).length;
    expect(count('window-created')).toBe(1);
    expect(count('did-navigate')).toBe(1);
    expect(rig.core.violations).toEqual([]);
    expect(rig.core.frames.filter((frame) => frame.type === 'choice')).toEqual([]);
    const attacks = families.flatMap((family) => family.attacks);
    const controlled = attacks.filter((attack) => attack.noControl === undefined);
    process.stdout.write(
      `lockdown: ${attacks.length} attacks by a page, ${controlled.length} of them seen to get out of the control\n`,
    );
  });

  it('its log holds schemes and no addresses', () => {
    const events = rig.hard.shell
      .output()
      .split('\n')
      .filter((line) => line.startsWith('{'));
    expect(events.filter((line) => line.includes('navigationBlocked')).length).toBeGreaterThan(3);
    expect(events.filter((line) => line.includes('127.0.0.1') || line.includes('passwd'))).toEqual(
      [],
    );
  });
});
