import { describe, expect, it } from '@jest/globals';
import { Lending } from '../../../drivers/usb/lending.ts';

/** Work that goes on until it is ended, and tells when it began. */
function work(name: string, begun: string[]) {
  const end = Promise.withResolvers<undefined>();
  const run = (): Promise<void> => {
    begun.push(name);
    return end.promise;
  };
  return { run, end: () => end.resolve(undefined), fail: (cause: Error) => end.reject(cause) };
}

const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
};

describe('a USB device that several use', () => {
  it('is shared by any number, and had alone once they are through, before any that came later', async () => {
    const lending = new Lending();
    const begun: string[] = [];
    const [read, write, clear, later] = ['read', 'write', 'clear', 'later'].map((name) =>
      work(name, begun),
    ) as [
      ReturnType<typeof work>,
      ReturnType<typeof work>,
      ReturnType<typeof work>,
      ReturnType<typeof work>,
    ];
    const shared = [lending.share(read.run), lending.share(write.run)];
    const alone = lending.alone(clear.run);
    const waiting = lending.share(later.run);
    await turns();
    expect(begun).toEqual(['read', 'write']);
    read.end();
    await turns();
    expect(begun).toEqual(['read', 'write']);
    write.end();
    await turns();
    expect(begun).toEqual(['read', 'write', 'clear']);
    clear.end();
    await alone;
    await turns();
    expect(begun).toEqual(['read', 'write', 'clear', 'later']);
    later.end();
    await Promise.all([...shared, waiting]);
  });

  it('is had alone by one after another, also where the first fails, and is shared again then', async () => {
    const lending = new Lending();
    const begun: string[] = [];
    const [first, second] = [work('first', begun), work('second', begun)];
    const failing = lending.alone(first.run);
    const next = lending.alone(second.run);
    await turns();
    expect(begun).toEqual(['first']);
    first.fail(new Error('broken'));
    await expect(failing).rejects.toThrow('broken');
    second.end();
    await next;
    expect(begun).toEqual(['first', 'second']);
    expect(await lending.share(() => Promise.resolve(1))).toBe(1);
  });

  it('is had alone also after a transfer that failed', async () => {
    const lending = new Lending();
    const broken = lending.share(() => Promise.reject(new Error('stall')));
    await expect(broken).rejects.toThrow('stall');
    await lending.alone(() => Promise.resolve());
    expect(await lending.share(() => Promise.resolve(2))).toBe(2);
  });
});
