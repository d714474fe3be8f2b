import { useEffect, useRef } from 'react';
import './screen-title.css';

export interface ScreenTitleProps {
  readonly children: string;
  readonly intro?: string | undefined;
}

/** The screen's question. It takes the focus when the screen comes, so that reading starts there. */
export function ScreenTitle({ children, intro }: ScreenTitleProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus();
    document.title = children;
  }, [children]);
  return (
    <div className="anj-title">
      <h1 ref={heading} tabIndex={-1}>
        {children}
      </h1>
      {intro !== undefined && <p>{intro}</p>}
    </div>
  );
}
