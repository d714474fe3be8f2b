/** A host that ends at once, as one whose native module is broken would. */
process.exit(3);
