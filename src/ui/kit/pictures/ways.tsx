import type { Way } from '../../../rpc/citizen-view.ts';
import { assertNever } from '../../../base/assert.ts';
import { CardShape } from './documents.tsx';
import './pictures.css';

/** The way in, at the size of a sign on a button. */
export function WayPicture({ way }: { readonly way: Way }) {
  return (
    <svg className="anj-picture" viewBox="0 0 168 128" aria-hidden>
      <WayShape way={way} />
    </svg>
  );
}

function WayShape({ way }: { readonly way: Way }) {
  switch (way) {
    case 'eKtp':
      return (
        <g>
          <g transform="translate(0 22) scale(0.74)">
            <CardShape />
          </g>
          <path
            d="M130 80 Q142 64 130 48 M144 92 Q166 64 144 36"
            className="line-warm"
            strokeWidth="7"
          />
        </g>
      );
    case 'code':
      return (
        <g>
          <path
            d="M26 38 V16 H48 M120 16 H142 V38 M142 90 V112 H120 M48 112 H26 V90"
            className="line-warm"
            strokeWidth="7"
          />
          <g className="fill" transform="translate(48 28) scale(0.58)">
            <path d="M0 0 H42 V42 H0 Z M11 11 V31 H31 V11 Z" fillRule="evenodd" />
            <path d="M82 0 H124 V42 H82 Z M93 11 V31 H113 V11 Z" fillRule="evenodd" />
            <path d="M0 82 H42 V124 H0 Z M11 93 V113 H31 V93 Z" fillRule="evenodd" />
            <path d="M52 4 H70 V26 H52 Z M52 40 H72 V60 H52 Z M84 54 H106 V72 H84 Z M4 54 H26 V70 H4 Z" />
            <path d="M52 78 H70 V98 H52 Z M82 84 H100 V100 H82 Z M108 78 H124 V100 H108 Z M60 106 H92 V124 H60 Z M104 110 H124 V124 H104 Z" />
          </g>
        </g>
      );
    case 'nik':
      return (
        <g>
          <rect x="10" y="16" width="148" height="42" rx="8" className="paper" />
          <path d="M26 38 H30 M44 38 H48 M62 38 H66" className="line" strokeWidth="9" />
          <path d="M82 26 V48" className="line-warm" strokeWidth="6" />
          <g className="tint">
            <rect x="10" y="72" width="42" height="40" rx="8" />
            <rect x="63" y="72" width="42" height="40" rx="8" />
            <rect x="116" y="72" width="42" height="40" rx="8" />
          </g>
          <path d="M29 84 L33 82 V101" className="line" />
          <path d="M78 86 Q80 81 85 82 Q91 84 88 91 L78 101 H91" className="line" />
          <path
            d="M132 83 Q141 80 142 87 Q142 91 136 91 Q143 92 142 97 Q140 103 131 100"
            className="line"
          />
        </g>
      );
    default:
      return assertNever(way);
  }
}
