/** Thrown nowhere: a dead process answers nobody, so what it awaited simply never ends. */
const never = <T>(): Promise<T> => new Promise<T>(() => undefined);

/**
 * The life of one run of core. After each step that changes anything (a commit, a movement, a call that
 * the registry carries out) it may die before it hears of it; the first point is before any of them. To
 * die before a step is the same world as to die after the one before.
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

  /** A step after which core may be dead. */
  async step<T>(name: string | ((value: T) => string), happen: () => Promise<T>): Promise<T> {
    const value = await this.look(happen);
    if (this.#dead || this.points.length === this.#deathAt) {
      this.#dead = true;
      this.#onDeath();
      return never();
    }
    this.points.push(typeof name === 'string' ? name : name(value));
    return value;
  }

  /** Something that changes nothing, and that nobody hears of who is dead. */
  async look<T>(happen: () => Promise<T>): Promise<T> {
    if (this.#dead) return never();
    const value = await happen();
    return this.isOver ? never() : value;
  }
}
