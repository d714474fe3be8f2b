import { CardShape } from './documents.tsx';
import { Scene } from './scene.tsx';

/** Where the NIK stands: the first line of the card. */
export function NikPicture() {
  return (
    <Scene>
      <g transform="translate(102 82) scale(2.6)" strokeWidth="2.4">
        <CardShape />
      </g>
      <rect x="122" y="112" width="212" height="66" rx="33" className="mark" />
      <path d="M430 40 Q400 120 346 140 M378 104 L344 141 L392 156" className="arrow" />
    </Scene>
  );
}

/** Where a PIN or print code stands: in the message that brought it. */
export function MessagePicture({ digits }: { readonly digits: number }) {
  const pitch = 25;
  const start = 388 - ((digits - 1) * pitch) / 2;
  return (
    <Scene>
      <rect x="168" y="16" width="204" height="380" rx="30" className="paper" />
      <path d="M246 40 H294" className="line-quiet" strokeWidth="6" />
      <path d="M196 312 H300 M196 336 H262" className="line-quiet" />
      <path
        d="M274 84 H502 Q526 84 526 108 V236 Q526 260 502 260 H284 L232 292 L250 246 V108 Q250 84 274 84 Z"
        className="bubble"
      />
      <path d="M282 120 H452 M282 146 H412" className="line-quiet" strokeWidth="7" />
      <rect x="274" y="174" width="228" height="58" rx="29" className="mark" />
      {Array.from({ length: digits }, (_, index) => (
        <circle key={index} cx={start + index * pitch} cy="203" r="7.5" className="fill" />
      ))}
    </Scene>
  );
}
