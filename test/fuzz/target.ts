/** What a file of `targets/` exports as `target`: one parser of bytes from outside, and what it promises. */
export interface FuzzTarget {
  /** Longest input worth trying, in bytes. */
  readonly maxBytes: number;
  /** Parts of paths of packages that do the parsing: the fuzzer looks into them as into our own code. */
  readonly packages?: readonly string[];
  /**
   * Gives these bytes to the parser. Returns when it kept its promises, for whatever bytes; throws, or
   * rejects, when it broke one. May leave nothing behind that changes the next call.
   */
  readonly fuzz: (bytes: Buffer) => void | Promise<void>;
}
