import { assertNever } from '../../../base/assert.ts';
import { Scene } from './scene.tsx';

export type TerminalState = 'resting' | 'wiped';

/** The machine itself, with what its screen shows. */
export function TerminalPicture({ state }: { readonly state: TerminalState }) {
  return (
    <Scene>
      <path d="M196 396 L214 40 Q216 18 240 18 H400 Q424 18 426 40 L444 396 Z" className="device" />
      <rect x="238" y="46" width="164" height="208" rx="12" className="mouth" />
      <rect x="252" y="292" width="60" height="12" rx="6" className="mouth" />
      <path d="M330 284 H390 V320 H330 Z" className="device-line" />
      <ScreenSign state={state} />
    </Scene>
  );
}

function ScreenSign({ state }: { readonly state: TerminalState }) {
  switch (state) {
    case 'resting':
      return (
        <g className="line-warm" strokeWidth="9">
          <path d="M284 96 H356 M284 204 H356" />
          <path d="M294 96 Q294 128 320 150 Q346 128 346 96 M294 204 Q294 172 320 150 Q346 172 346 204" />
          <path d="M312 190 H328" />
        </g>
      );
    case 'wiped':
      return (
        <g>
          <path d="M268 212 H372 M268 232 H330" className="line-quiet" strokeDasharray="2 14" />
          <circle cx="320" cy="130" r="50" className="ground" />
          <path d="M298 132 L314 148 L344 114" className="line" strokeWidth="10" />
        </g>
      );
    default:
      return assertNever(state);
  }
}
