/** Thrown nowhere: a dead process answers nobody, so what it awaited simply never ends. */
const never = <T>(): Promise<T> => new Promise<T>(() => undefined);

/**
 * The life of one run of core. Each durable step and each device command is a point at which it may die,
 * before the step happens or after it happened and before core hears of it.
 */
export class Life {
  readonly points: string[] = [];
  readonly #deathAt: number;
  #dead = false;
  #onDeath: () => void = () => undefined;
  readonly ended: Promise<void>;

  /** Dies at that point, counted from 0; Infinity lives on. */
  constructor(deathAt = Number.POSITIVE_INFINITY) {
    this.#deathAt = deathAt;
    this.ended = new Promise((resolve) => {
      this.#onDeath = resolve;
    });
  }

  get isOver(): boolean {
    return this.#dead;
  }

  /** One step with a point of death before it and one after it. */
  async step<T>(name: string, happen: () => Promise<T>): Promise<T> {
    if (this.#reached(`before ${name}`)) return never();
    const value = await happen();
    if (this.#reached(`after ${name}`)) return never();
    return value;
  }

  #reached(name: string): boolean {
    if (this.#dead) return true;
    if (this.points.length === this.#deathAt) {
      this.#dead = true;
      this.#onDeath();
      return true;
    }
    this.points.push(name);
    return false;
  }
}
