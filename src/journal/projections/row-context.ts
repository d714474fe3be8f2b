/** Where and when an event stands in the journal. */
export interface RowContext {
  readonly seq: number;
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
}
