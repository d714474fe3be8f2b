import { Socket } from 'node:net';
import { catalogue } from './catalogue.ts';
import { installExitPolicy } from './exit-policy.ts';
import { runHost } from './run-host.ts';

/** The descriptor on which core speaks, inherited at spawn. */
const CORE_FD = 3;

runHost({ catalogue, stream: new Socket({ fd: CORE_FD }), policy: installExitPolicy() });
