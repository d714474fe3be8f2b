import { parseArgs } from 'node:util';
import { createPki } from './pki.ts';
import { startReferenceRegistry } from './start.ts';

const USAGE = `Usage: node src/registry/reference/main.ts --data DIR --pki DIR [--port N] [--front-port N]

The reference registry: a simulated back office of synthetic people (SPESIMEN).
  --data DIR       its database and keys; endpoints.json is written here
  --pki DIR        certificates; what is missing is made
  --port N         HTTPS for terminals on localhost; 0 (the default) picks one
  --front-port N   HTTP for people and scripts on 127.0.0.1; 0 (the default) picks one
`;

function portOf(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new RangeError(`no port: ${text}`);
  return port;
}

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    pki: { type: 'string' },
    port: { type: 'string', default: '0' },
    'front-port': { type: 'string', default: '0' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help || values.data === undefined || values.pki === undefined) {
  process.stdout.write(USAGE);
  process.exitCode = values.help ? 0 : 2;
} else {
  await createPki(values.pki, []);
  const registry = await startReferenceRegistry({
    dataDir: values.data,
    pkiDir: values.pki,
    port: portOf(values.port),
    frontPort: portOf(values['front-port']),
  });
  const { terminalApiUrl, frontUrl } = registry;
  process.stdout.write(`${JSON.stringify({ terminalApi: terminalApiUrl, front: frontUrl })}\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void registry.stop());
  }
}
