import type { Screen } from '../../../rpc/citizen-view.ts';
import { Scene } from './scene.tsx';

type Finger = Extract<Screen, { readonly name: 'placeFinger' }>['finger'];

/** Tips of a right hand's fingers from the thumb on, as they stand in the picture. */
const tips = [
  { x: 196, y: 218 },
  { x: 254, y: 118 },
  { x: 312, y: 92 },
  { x: 370, y: 112 },
  { x: 424, y: 160 },
] as const;
const names = ['Thumb', 'Index', 'Middle', 'Ring', 'Little'] as const;

/** The hand as its owner sees it, and which of its fingers is meant. */
export function PlaceFingerPicture({ finger }: { readonly finger: Finger }) {
  const isLeft = finger.startsWith('left');
  const tip = tips[names.findIndex((name) => finger.endsWith(name))] ?? tips[1];
  return (
    <Scene>
      <g transform={isLeft ? 'translate(640 0) scale(-1 1)' : undefined}>
        <path
          d="M230 400 V330 L168 262 Q156 246 170 232 Q186 220 202 234 L228 260 V130 Q228 104 254 104
             Q280 104 280 130 V232 H286 V104 Q286 78 312 78 Q338 78 338 104 V232 H344 V124
             Q344 98 370 98 Q396 98 396 124 V244 H402 V172 Q402 148 424 148 Q446 148 446 172
             V312 Q446 360 410 400"
          className="paper"
        />
        <circle cx={tip.x} cy={tip.y} r="44" className="mark" />
        <circle cx={tip.x} cy={tip.y} r="14" className="fill-warm" />
      </g>
    </Scene>
  );
}
