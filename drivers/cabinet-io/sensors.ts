import type { CabinetSensor, SensorState } from '../contract/cabinet-io.ts';
import { SENSOR_LETTERS, type Contact } from './protocol.ts';

type Tell = (sensor: CabinetSensor, state: SensorState) => void;

/** What the fitted sensors were last told to be, and what of their past was told. */
export class FittedSensors {
  readonly #tell: Tell;
  readonly #states: Map<CabinetSensor, SensorState>;
  readonly #toldCounts = new Map<CabinetSensor, number>();

  constructor(fitted: readonly CabinetSensor[], tell: Tell) {
    this.#tell = tell;
    this.#states = new Map(fitted.map((sensor) => [sensor, 'unknown']));
  }

  get all(): { readonly sensor: CabinetSensor; readonly state: SensorState }[] {
    return [...this.#states].map(([sensor, state]) => ({ sensor, state }));
  }

  has(sensor: CabinetSensor): boolean {
    return this.#states.has(sensor);
  }

  /** The count up to which activations were told; undefined before any state came. */
  toldCount(sensor: CabinetSensor): number | undefined {
    return this.#toldCounts.get(sensor);
  }

  /** The controller is away, or another start of it: what it counted and told is open again. */
  forget(): void {
    this.#toldCounts.clear();
    for (const sensor of this.#states.keys()) this.#set(sensor, 'unknown');
  }

  /**
   * Takes the contacts of one state and gives the sensors, tampering apart, whose activations are told now
   * and not acknowledged yet. A fitted sensor that the state leaves out is unknown.
   */
  take(contacts: readonly Contact[]): CabinetSensor[] {
    return [...this.#states.keys()].filter((sensor) => {
      const contact = contacts.find(({ letter }) => letter === SENSOR_LETTERS[sensor]);
      if (contact === undefined) {
        this.#set(sensor, 'unknown');
        return false;
      }
      if (sensor === 'tamper') {
        this.#takeTamper(contact);
        return false;
      }
      const owed = contact.count !== contact.acknowledged;
      const toldAlready = this.#toldCounts.get(sensor) === contact.count;
      if (owed && !toldAlready) this.#set(sensor, 'active');
      this.#set(sensor, contact.wire);
      this.#toldCounts.set(sensor, contact.count);
      return owed;
    });
  }

  /** Told again where what was told is on record and more has come: else that would pass for the same. */
  #takeTamper({ wire, count, acknowledged }: Contact): void {
    if (wire === 'unknown') {
      this.#set('tamper', 'unknown');
      return;
    }
    const owed = count !== acknowledged;
    const told = this.#toldCounts.get('tamper');
    const more = owed && told === acknowledged;
    if (!owed || told === undefined || more) this.#toldCounts.set('tamper', count);
    if (more && this.#states.get('tamper') === 'active') this.#tell('tamper', 'active');
    this.#set('tamper', owed ? 'active' : wire);
  }

  #set(sensor: CabinetSensor, state: SensorState): void {
    if (this.#states.get(sensor) === state) return;
    this.#states.set(sensor, state);
    this.#tell(sensor, state);
  }
}
