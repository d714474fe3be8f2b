/** The part of @sealsystems/ipp that we use; it brings no types of its own. */
declare module '@sealsystems/ipp' {
  const ipp: {
    serialize(message: Readonly<Record<string, unknown>>): Buffer;
    /** Throws on anything that is not an IPP message. */
    parse(bytes: Buffer): unknown;
  };
  export default ipp;
}
