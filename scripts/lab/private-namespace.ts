import { LabError } from './lab-error.ts';
import { LabProcess } from './lab-process.ts';

/**
 * The route trick: without an immediate ACK on loopback, vpcd's two small writes a command cost 44 ms
 * (Nagle's algorithm against the delayed ACK of RFC 1122 §4.2.3.2).
 */
const SET_UP = `
ip link set lo up
for net in 127.0.0.0/8 127.0.0.1; do
  ip route change local $net dev lo proto kernel scope host src 127.0.0.1 table local quickack 1
done
mount -t tmpfs tmpfs /run
mkdir -p "$1"
mount --bind . "$1"
shift
while [ $# -gt 0 ]; do
  mount --bind "$1" "$2"
  shift 2
done
echo ready
exec cat
`;

/**
 * A network with nothing but loopback and a /run of its own, in which daemons with fixed ports and
 * socket paths run beside others of their kind. Lives until `close`, or until this process dies.
 */
export class PrivateNamespace {
  readonly #holder: LabProcess;
  readonly #folder: string;
  readonly #ownUser: boolean;

  private constructor(holder: LabProcess, folder: string, ownUser: boolean) {
    this.#holder = holder;
    this.#folder = folder;
    this.#ownUser = ownUser;
  }

  /**
   * `folder` outside appears inside at `mountedAt`, so that sockets made there can be reached from outside.
   * Each of `replaced` is a file of ours and the path at which it is seen inside.
   */
  static async open(
    folder: string,
    mountedAt: string,
    replaced: readonly (readonly [file: string, path: string])[] = [],
  ): Promise<PrivateNamespace> {
    // Anybody may be root of a user namespace of their own, where the system allows it.
    const ownUser = process.getuid?.() !== 0;
    const holder = new LabProcess(
      [
        'unshare',
        ...(ownUser ? ['--user', '--map-root-user'] : []),
        '--net',
        '--mount',
        'sh',
        '-e',
        '-c',
        SET_UP,
        'sh',
        mountedAt,
        ...replaced.flat(),
      ],
      { cwd: folder, keepStdin: true },
    );
    try {
      await holder.untilReady('a private namespace', () => holder.output.includes('ready'));
    } catch (error) {
      await holder.kill();
      if (error instanceof LabError)
        throw new LabError({ kind: 'namespaceRefused', output: holder.output });
      throw error;
    }
    return new PrivateNamespace(holder, folder, ownUser);
  }

  /** The command line that runs `command` in this network. */
  inNetwork(command: readonly string[]): [string, ...string[]] {
    return ['nsenter', ...this.#into(['net']), ...command];
  }

  /** Starts a daemon in this network and with this /run. */
  start(command: readonly string[], env: NodeJS.ProcessEnv = process.env): LabProcess {
    return new LabProcess(['nsenter', ...this.#into(['net', 'mnt']), ...command], {
      cwd: this.#folder,
      env,
    });
  }

  close(): Promise<void> {
    return this.#holder.kill();
  }

  #into(kinds: readonly ('net' | 'mnt')[]): string[] {
    const file = (kind: string): string => `/proc/${this.#holder.pid}/ns/${kind}`;
    return [
      ...(this.#ownUser ? [`--user=${file('user')}`, '--preserve-credentials'] : []),
      ...kinds.map((kind) => (kind === 'net' ? `--net=${file(kind)}` : `--mount=${file(kind)}`)),
    ];
  }
}
