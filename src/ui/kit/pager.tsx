import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { useState, useSyncExternalStore } from 'react';
import { Button } from './button.tsx';
import './pager.css';

const ROWS_PORTRAIT = 4;
const ROWS_LANDSCAPE = 3;

const landscape = window.matchMedia('(orientation: landscape)');
const onTurn = (listener: () => void): (() => void) => {
  landscape.addEventListener('change', listener);
  return () => landscape.removeEventListener('change', listener);
};

/** As many rows as stand on the panel at once: nobody has to find out that a list can be dragged. */
export function usePage<T>(rows: readonly T[]): {
  readonly shown: readonly T[];
  readonly page: number;
  readonly pages: number;
  readonly setPage: (page: number) => void;
} {
  const isLandscape = useSyncExternalStore(onTurn, () => landscape.matches);
  const [wanted, setPage] = useState(0);
  const size = isLandscape ? ROWS_LANDSCAPE : ROWS_PORTRAIT;
  const pages = Math.max(1, Math.ceil(rows.length / size));
  const page = Math.min(wanted, pages - 1);
  return { shown: rows.slice(page * size, (page + 1) * size), page, pages, setPage };
}

export interface PagerProps {
  readonly page: number;
  readonly pages: number;
  readonly onPage: (page: number) => void;
  readonly words: {
    readonly previous: string;
    readonly next: string;
    readonly position: string;
  };
}

export function Pager({ page, pages, onPage, words }: PagerProps) {
  if (pages === 1) return null;
  return (
    <div className="anj-pager">
      <Button
        size="support"
        icon={<IconChevronLeft aria-hidden />}
        isDisabled={page === 0}
        onPress={() => onPage(page - 1)}
      >
        {words.previous}
      </Button>
      <p className="anj-figures" role="status">
        {words.position}
      </p>
      <Button
        size="support"
        icon={<IconChevronRight aria-hidden />}
        iconSide="end"
        isDisabled={page === pages - 1}
        onPress={() => onPage(page + 1)}
      >
        {words.next}
      </Button>
    </div>
  );
}
