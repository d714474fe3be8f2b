import { Socket } from 'node:net';

/** A host that hears everything and says nothing. */
new Socket({ fd: 3 }).resume();
