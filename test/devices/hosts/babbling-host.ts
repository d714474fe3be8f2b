import { Socket } from 'node:net';

/** A host that answers `open` with something that is no frame, and stays. */
const core = new Socket({ fd: 3 });
core.once('data', () => core.write('{"type":"opened"}\n'));
