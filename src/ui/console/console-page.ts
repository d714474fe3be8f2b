import type { ReactNode } from 'react';
import type { Role } from '../../domain/role.ts';
import type { Channel } from './console-client.ts';

/** One console page, as the console around it needs to know it. */
export interface ConsolePage {
  readonly name: 'technician' | 'printLog';
  readonly channel: Channel;
  readonly content: ReactNode;
}

/** The pages there are, where they are served, and who may open them; core decides again on each request. */
export const consolePages: readonly {
  readonly name: ConsolePage['name'];
  readonly href: string;
  readonly roles: readonly Role[];
}[] = [
  { name: 'technician', href: '../technician/index.html', roles: ['technician', 'administrator'] },
  {
    name: 'printLog',
    href: '../staff/index.html',
    roles: ['reviewer', 'supervisor', 'auditor', 'administrator'],
  },
];
