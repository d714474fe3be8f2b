/** How many rows a page of each sort has room for. */
export interface PageRoom {
  readonly first: number;
  readonly next: number;
  /** The same with the sums and the signatures below the table. */
  readonly firstWithEnd: number;
  readonly nextWithEnd: number;
}

/**
 * How many rows each page gets, in order. The last page holds the signatures and, where there are rows at
 * all, at least one of them: nobody signs a page without what they sign for.
 */
export function paginate(rows: number, room: PageRoom): readonly number[] {
  const pages: number[] = [];
  let left = rows;
  for (;;) {
    const isFirst = pages.length === 0;
    if (left <= (isFirst ? room.firstWithEnd : room.nextWithEnd)) return [...pages, left];
    const dealt = Math.min(left - 1, isFirst ? room.first : room.next);
    pages.push(dealt);
    left -= dealt;
  }
}
