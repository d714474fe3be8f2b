import * as z from 'zod';
import type { Canary } from './canary.ts';

/** The parts of V8's heap snapshot format that lead from the roots to a string. */
const snapshotSchema = z.looseObject({
  snapshot: z.looseObject({
    meta: z.looseObject({
      node_fields: z.array(z.string()),
      node_types: z.array(z.unknown()),
      edge_fields: z.array(z.string()),
      edge_types: z.array(z.unknown()),
    }),
  }),
  nodes: z.array(z.number()),
  edges: z.array(z.number()),
  strings: z.array(z.string()),
});
const names = z.array(z.string());

/** Every string of a snapshot; its numbers would look like digits that somebody knows. */
export const textsOf = (snapshot: Buffer): Buffer =>
  Buffer.from(snapshotSchema.parse(JSON.parse(snapshot.toString('utf8'))).strings.join('\n'));

/** Edges that do not keep anything alive. */
const WEAK = 'weak';
const LONGEST_PATH = 14;

/**
 * For each canary that a string of the snapshot holds: its name and the shortest way from the roots to it,
 * in names of properties and classes, never in values.
 */
export function whatHolds(snapshot: Buffer, canaries: readonly Canary[]): string[] {
  const {
    snapshot: head,
    nodes,
    edges,
    strings,
  } = snapshotSchema.parse(JSON.parse(snapshot.toString('utf8')));
  const { node_fields: nodeFields, edge_fields: edgeFields } = head.meta;
  const edgeTypes = names.parse(head.meta.edge_types[0]);
  const [nodeSize, edgeSize] = [nodeFields.length, edgeFields.length];
  const [nameAt, countAt] = [nodeFields.indexOf('name'), nodeFields.indexOf('edge_count')];
  const isText = strings.map((text) => {
    const found = canaries.find(({ isIn }) => isIn(Buffer.from(text)));
    return found?.name ?? null;
  });
  const firstEdge: number[] = [];
  let edge = 0;
  for (let node = 0; node < nodes.length; node += nodeSize) {
    firstEdge.push(edge);
    edge += (nodes[node + countAt] ?? 0) * edgeSize;
  }
  const cameFrom = new Map<number, { readonly node: number; readonly label: string }>();
  const queue = [0];
  cameFrom.set(0, { node: -1, label: 'roots' });
  const ways = new Set<string>();
  // The queue grows while it is walked.
  for (const node of queue) {
    const canary = isText[nodes[node + nameAt] ?? 0];
    if (canary != null) ways.add(`${canary}: ${wayTo(node)}`);
    const from = firstEdge[node / nodeSize] ?? 0;
    const count = nodes[node + countAt] ?? 0;
    for (let one = from; one < from + count * edgeSize; one += edgeSize) {
      const type = edgeTypes[edges[one] ?? 0] ?? '';
      const to = edges[one + 2] ?? 0;
      if (type === WEAK || cameFrom.has(to)) continue;
      const key = edges[one + 1] ?? 0;
      const isIndex = type === 'element' || type === 'hidden';
      cameFrom.set(to, { node, label: isIndex ? '[]' : (strings[key] ?? '?') });
      queue.push(to);
    }
  }
  return [...ways];

  function wayTo(node: number): string {
    const labels: string[] = [];
    for (let at = node; at > 0 && labels.length < LONGEST_PATH;) {
      const step = cameFrom.get(at);
      if (step === undefined) break;
      const holder =
        isText[nodes[step.node + nameAt] ?? 0] == null
          ? (strings[nodes[step.node + nameAt] ?? 0] ?? '').slice(0, 30)
          : 'text';
      labels.unshift(`${holder}.${step.label.slice(0, 30)}`);
      at = step.node;
    }
    return labels.join(' > ');
  }
}
