import { describe, expect, it } from '@jest/globals';
import { cardDocument, PICTURE } from '../../../drivers/ipp-card-printer/card-document.ts';
import { poppler } from '../../documents/poppler.ts';

describe('the document of a card', () => {
  it.each([
    ['with a picture', Buffer.alloc(PICTURE.bytes, 90)],
    ['without', null],
  ])('%s is one page of the size of a card', (_what, rgb) => {
    const info = poppler('pdfinfo', cardDocument(rgb));
    expect(info).toMatch(/Pages: +1\n/);
    expect(info).toMatch(/Page size: +242\.646 x 153\.014 pts/);
  });

  it('is the same for the same picture', () => {
    const rgb = Buffer.alloc(PICTURE.bytes, 7);
    expect(cardDocument(rgb)).toEqual(cardDocument(rgb));
  });
});
