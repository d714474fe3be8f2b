import pino, { type Logger } from 'pino';

/**
 * The service's log: JSON lines on stderr, kept by the system's own log. Callers pass codes, names of
 * devices and hosts, and figures; what a citizen typed, what a card holds and what is printed has no
 * way in, because nothing that holds it is ever passed here.
 */
export function createLog(): Logger {
  return pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination(2));
}
