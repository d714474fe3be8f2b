import {
  coreToStaffSchema,
  staffToCoreSchema,
  type CoreToStaff,
  type StaffToCore,
} from '../../rpc/staff.ts';
import type { StaffDesk } from '../../staff/staff-desk.ts';
import type { SocketClient, SocketRole } from './unix-server.ts';

interface Conversation {
  /** Frames of a client are answered one after the other. */
  turn: Promise<void>;
  token: string | null;
}

/**
 * The command line of people who work on the terminal. The socket's folder and mode let a program in; a
 * person then signs in, for this connection alone.
 */
export function staffRole(desk: StaffDesk, fatal: (cause: unknown) => void): SocketRole {
  const conversations = new Map<SocketClient, Conversation>();

  async function reply(conversation: Conversation, frame: StaffToCore): Promise<CoreToStaff> {
    const { id } = frame;
    const notSignedIn = (why: 'refused' | 'mustWait' | 'notSignedIn' | 'noAccounts', waitMs = 0) =>
      ({ type: 'notSignedIn', id, why, waitMs }) as const;
    if (frame.type === 'signIn') {
      if (desk.people.list().length === 0) return notSignedIn('noAccounts');
      const { name, password } = frame;
      const done = await desk.signIn.signIn({ name, password, channel: 'commandLine' });
      if (!done.ok) return notSignedIn(done.error.kind, done.error.waitMs);
      if (conversation.token !== null) desk.signIn.signOut(conversation.token);
      conversation.token = done.value.token;
      const { person } = done.value;
      return { type: 'signedIn', id, name: person.name, roles: [...person.roles] };
    }
    const session =
      conversation.token === null ? null : desk.signIn.authenticate(conversation.token);
    if (session === null) return notSignedIn('notSignedIn');
    const answer = await desk.answer(session, frame.ask);
    return answer.ok
      ? { type: 'answer', id, answer: answer.value }
      : { type: 'refusal', id, refusal: answer.error };
  }

  return {
    onConnect: (client) => void conversations.set(client, { turn: Promise.resolve(), token: null }),
    onFrame(client, raw) {
      const conversation = conversations.get(client);
      const parsed = staffToCoreSchema.safeParse(raw);
      if (!parsed.success || conversation === undefined) {
        client.drop();
        return;
      }
      conversation.turn = conversation.turn
        .then(async () => {
          // Whoever hung up asks for nothing any more.
          if (!conversations.has(client)) return;
          client.send(coreToStaffSchema.parse(await reply(conversation, parsed.data)));
          if (!conversations.has(client)) signOut(conversation);
        })
        .catch(fatal);
    },
    onClose(client) {
      const conversation = conversations.get(client);
      if (conversation === undefined) return;
      conversations.delete(client);
      signOut(conversation);
    },
  };

  function signOut(conversation: Conversation): void {
    if (conversation.token !== null) desk.signIn.signOut(conversation.token);
    conversation.token = null;
  }
}
