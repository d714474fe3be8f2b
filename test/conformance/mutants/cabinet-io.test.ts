import { SimulatedCabinetController } from '../../../drivers/cabinet-io/simulator.ts';
import type { CabinetIoCapabilities } from '../../../drivers/contract/cabinet-io.ts';
import type { CommandHandlers } from '../../../drivers/contract/driver.ts';
import { ok } from '../../../src/base/result.ts';
import { EVERYTHING } from '../../drivers/cabinet-io/wire-rig.ts';
import { inMemory } from '../cabinet-io-in-memory.ts';
import { cabinetIoCases, type CabinetIoRig } from '../cabinet-io-suite.ts';
import { driverWith, proveSuite, saying, type Mutant, type Subject } from './proved.ts';

type Handlers = CommandHandlers<'cabinetIo'>;
type Contact = Parameters<SimulatedCabinetController['contactText']>[1];
type Request = Parameters<SimulatedCabinetController['setLight']>[0];
type Restart = Parameters<SimulatedCabinetController['restart']>[0];

interface ControllerMutant extends Mutant {
  readonly Controller?: typeof SimulatedCabinetController;
  readonly wrong?: (right: Handlers) => Partial<Handlers>;
  readonly deafToStop?: true;
}

/** Tells something else of a contact once it was acknowledged. */
const onceAcknowledged = (change: (letter: string, contact: Contact) => Partial<Contact>) =>
  class extends SimulatedCabinetController {
    #acknowledged = false;

    override acknowledge(request: Request): string | null {
      this.#acknowledged = true;
      return super.acknowledge(request);
    }

    override contactText(letter: string, contact: Contact): string {
      const changed = this.#acknowledged ? change(letter, contact) : {};
      return super.contactText(letter, { ...contact, ...changed });
    }
  };

/** Tells something else of each contact. */
const tellingOfEach = (change: (contact: Contact) => Partial<Contact>) =>
  class extends SimulatedCabinetController {
    override contactText(letter: string, contact: Contact): string {
      return super.contactText(letter, { ...contact, ...change(contact) });
    }
  };

class Forgetful extends SimulatedCabinetController {
  #restarted = false;

  override restart(memory: Restart): void {
    this.#restarted = true;
    super.restart(memory);
  }

  override contactText(letter: string, contact: Contact): string {
    const forgotten = { ...contact, count: 0, acknowledged: 0 };
    return super.contactText(letter, this.#restarted ? forgotten : contact);
  }
}

class DarkAfterRestart extends SimulatedCabinetController {
  #restarted = false;

  override restart(memory: Restart): void {
    this.#restarted = true;
    super.restart(memory);
  }

  override setLight(request: Request): string | null {
    return this.#restarted ? null : super.setLight(request);
  }
}

const mutants: readonly ControllerMutant[] = [
  {
    is: 'claims no lights and has some',
    noticedBy: ['claims the capabilities'],
    wrong: saying<'cabinetIo'>()('getCapabilities', (told) => ({ ...told, lights: [] })),
  },
  {
    is: 'knows each sensor twice',
    noticedBy: ['is online once it was found'],
    wrong: saying<'cabinetIo'>()('getStatus', ({ sensors, ...told }) => ({
      ...told,
      sensors: [...sensors, ...sensors],
    })),
  },
  {
    is: 'tells no change',
    noticedBy: ['tells when a sensor becomes active'],
    Controller: class extends SimulatedCabinetController {
      override move(letter: string): void {
        super.move(letter, 'inactive');
      }
    },
  },
  {
    is: 'calls a broken wire inactive',
    noticedBy: ['calls a sensor with a broken wire unknown', 'calls a cut wire of the tamper loop'],
    Controller: tellingOfEach(({ wire }) => ({ wire: wire === 'broken' ? 'inactive' : wire })),
  },
  {
    is: 'cannot be silenced',
    noticedBy: ['is powerOff with every sensor unknown'],
    Controller: class extends SimulatedCabinetController {
      override fallSilent(): void {
        this.speakAgain();
      }
    },
  },
  {
    is: 'counts nothing while nobody listens',
    noticedBy: ['tells afterwards of a door'],
    Controller: tellingOfEach(({ count }) => ({ acknowledged: count })),
  },
  {
    is: 'does not count',
    noticedBy: ['keeps tampering that came and went', 'calls a cut wire of the tamper loop'],
    Controller: tellingOfEach(() => ({ count: 0, acknowledged: 0 })),
  },
  {
    is: 'acknowledges whatever it counted',
    noticedBy: ['keeps tampering that came and went'],
    Controller: class extends SimulatedCabinetController {
      override acknowledge(): string | null {
        return super.acknowledge({ verb: 'C', sequence: '00', letter: 'T', value: 'FF' });
      }
    },
  },
  {
    is: 'forgets its counts when it restarts',
    noticedBy: ['keeps tampering through a restart'],
    Controller: Forgetful,
  },
  {
    is: 'takes an acknowledgement for the end of tampering',
    noticedBy: ['does not take an acknowledgement'],
    Controller: onceAcknowledged(() => ({ wire: 'inactive' })),
  },
  {
    is: 'acknowledges with one tampering all that came after',
    noticedBy: ['tells tampering again'],
    Controller: onceAcknowledged((_letter, { count }) => ({ acknowledged: count })),
  },
  {
    is: 'confirms a light that it does not show',
    noticedBy: ['shows each light at each rate'],
    Controller: class extends SimulatedCabinetController {
      override light(letter: string): string {
        return letter === 'C' ? '0' : super.light(letter);
      }
    },
  },
  {
    is: 'shows two lights for one',
    noticedBy: ['shows each light at each rate'],
    Controller: class extends SimulatedCabinetController {
      override setLight(request: Request): string | null {
        super.setLight({ ...request, letter: 'G' });
        return super.setLight(request);
      }
    },
  },
  {
    is: 'stays dark after a restart and says that it shines',
    noticedBy: ['shows the lights as before'],
    Controller: DarkAfterRestart,
  },
  {
    is: 'takes orders for lights that are out of reach',
    noticedBy: ['is deviceGone for every order'],
    wrong: () => ({ setLight: () => Promise.resolve(ok({})) }),
  },
  { is: 'goes on when stopped', noticedBy: ['says nothing more once'], deafToStop: true },
];

const smallMutants: readonly ControllerMutant[] = [
  {
    is: 'takes orders for lights that it has not got',
    noticedBy: ['says notFitted'],
    wrong: () => ({ setLight: () => Promise.resolve(ok({})) }),
  },
  {
    is: 'acknowledges for a loop that it has not got',
    noticedBy: ['says notFitted'],
    wrong: () => ({ acknowledgeTamper: () => Promise.resolve(ok({})) }),
  },
];

const on =
  (capabilities: CabinetIoCapabilities): Subject<CabinetIoRig, ControllerMutant>['on'] =>
  ({ Controller = SimulatedCabinetController, wrong = () => ({}), deafToStop }, prove) => {
    const stop = deafToStop === true ? () => Promise.resolve() : undefined;
    return inMemory(
      capabilities,
      ({ driver, ...rig }) =>
        prove({ ...rig, driver: driverWith(driver, wrong(driver.handlers), stop) }),
      (clock, send) => new Controller(clock, send),
    );
  };

const small: CabinetIoCapabilities = { sensors: ['serviceKey', 'headset'], lights: ['cardReader'] };

proveSuite('contacts and lights', [
  { cases: cabinetIoCases(EVERYTHING), mutants, on: on(EVERYTHING) },
  { cases: cabinetIoCases(small), mutants: smallMutants, on: on(small) },
]);
