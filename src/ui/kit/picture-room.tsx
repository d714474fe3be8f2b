import type { ReactNode } from 'react';
import './picture-room.css';

/** What the words leave of the room. The picture fits itself in, and yields altogether to long words. */
export function PictureRoom({ children }: { readonly children: ReactNode }) {
  return (
    <div className="anj-room" aria-hidden>
      <div className="anj-room__picture">{children}</div>
    </div>
  );
}
