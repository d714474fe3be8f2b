import { CardShape } from './documents.tsx';
import { Scene } from './scene.tsx';

/** A card on its way to the contactless reader. */
export function PresentCardPicture() {
  return (
    <Scene>
      <rect x="346" y="56" width="236" height="324" rx="30" className="device" />
      <path
        d="M440 242 Q464 218 440 194 M466 266 Q512 218 466 170 M492 290 Q560 218 492 146"
        className="device-line"
        strokeWidth="10"
      />
      <rect x="424" y="336" width="80" height="10" rx="5" className="fill-quiet" />
      <g transform="translate(48 176) rotate(-8) scale(1.5)">
        <CardShape />
      </g>
      <path d="M184 118 H306 M274 84 L308 118 L274 152" className="arrow" />
    </Scene>
  );
}

/** A card lying on the reader, which is working. */
export function ReadingCardPicture() {
  return (
    <Scene>
      <rect x="152" y="36" width="336" height="344" rx="34" className="device" />
      <path
        d="M272 108 Q320 66 368 108 M292 130 Q320 106 348 130"
        className="device-line"
        strokeWidth="10"
      />
      <g transform="translate(192 166) scale(1.52)">
        <CardShape />
      </g>
    </Scene>
  );
}

/** A telephone showing a code to the scanner's window. */
export function PresentCodePicture() {
  return (
    <Scene>
      <rect x="362" y="60" width="220" height="320" rx="30" className="device" />
      <rect x="396" y="104" width="152" height="152" rx="16" className="mouth" />
      <path d="M410 180 H534" className="arrow" />
      <rect x="430" y="306" width="84" height="10" rx="5" className="fill-quiet" />
      <g transform="rotate(-6 160 220)">
        <rect x="76" y="64" width="176" height="316" rx="24" className="paper" />
        <path d="M144 84 H184" className="line-quiet" />
        <g className="fill" transform="translate(102 136)">
          <path d="M0 0 H36 V36 H0 Z M8 8 V28 H28 V8 Z" fillRule="evenodd" />
          <path d="M88 0 H124 V36 H88 Z M96 8 V28 H116 V8 Z" fillRule="evenodd" />
          <path d="M0 88 H36 V124 H0 Z M8 96 V116 H28 V96 Z" fillRule="evenodd" />
          <path d="M48 4 H58 V14 H68 V24 H48 Z M58 34 H78 V44 H58 Z M48 52 H62 V66 H48 Z" />
          <path d="M4 50 H18 V64 H4 Z M26 62 H40 V76 H26 Z M70 56 H90 V66 H70 Z M100 48 H124 V62 H110 V72 H100 Z" />
          <path d="M50 82 H66 V98 H50 Z M74 78 H88 V92 H74 Z M94 86 H108 V100 H94 Z M52 108 H80 V122 H52 Z M88 108 H98 V122 H88 Z M108 108 H124 V122 H108 Z" />
        </g>
        <path d="M112 304 H216 M128 326 H200" className="line-quiet" />
      </g>
      <path d="M286 200 H344 M318 170 L348 200 L318 230" className="arrow" />
    </Scene>
  );
}

/** The old card going into the machine's slot. */
export function SurrenderCardPicture() {
  return (
    <Scene>
      <rect x="120" y="36" width="400" height="142" rx="30" className="device" />
      <g transform="translate(192 122) scale(1.52)">
        <CardShape />
      </g>
      <path
        d="M120 66 A30 30 0 0 1 150 36 H490 A30 30 0 0 1 520 66 V136 H120 Z"
        className="device"
      />
      <rect x="172" y="126" width="296" height="12" rx="6" className="mouth" />
      <path d="M556 322 V214 M522 248 L556 212 L590 248" className="arrow" />
    </Scene>
  );
}

/** A card that came out of the slot and waits. */
export function TakeCardPicture() {
  return (
    <Scene>
      <g transform="translate(184 124) scale(1.62)">
        <CardShape />
      </g>
      <path
        d="M120 66 A30 30 0 0 1 150 36 H490 A30 30 0 0 1 520 66 V156 H120 Z"
        className="device"
      />
      <rect x="172" y="136" width="296" height="14" rx="7" className="mouth" />
      <path d="M556 214 V322 M522 288 L556 324 L590 288" className="arrow" />
    </Scene>
  );
}

/** Sheets lying in the tray. */
export function TakePaperPicture() {
  return (
    <Scene>
      <path
        d="M120 66 A30 30 0 0 1 150 36 H490 A30 30 0 0 1 520 66 V156 H120 Z"
        className="device"
      />
      <rect x="164" y="132" width="312" height="14" rx="7" className="mouth" />
      <path d="M184 142 H456 L478 344 H162 Z" className="paper" />
      <path d="M250 178 H390" className="line" strokeWidth="8" />
      <path d="M202 214 H438 M199 240 H441 M196 266 H444 M193 292 H447" className="line-quiet" />
      <path d="M276 206 L270 298 M364 206 L370 298" className="line-quiet" />
      <path d="M112 344 H528 V372 H112 Z" className="device" />
      <path d="M576 196 V304 M542 270 L576 306 L610 270" className="arrow" />
    </Scene>
  );
}

/** The citizen's own card lifted off the reader. */
export function TakeYourCardPicture() {
  return (
    <Scene>
      <rect x="152" y="218" width="336" height="162" rx="34" className="device" />
      <path d="M288 330 Q320 302 352 330" className="device-line" strokeWidth="10" />
      <g transform="translate(190 76) rotate(-4 84 56) scale(1.52)">
        <CardShape />
      </g>
      <path d="M556 262 V154 M522 188 L556 152 L590 188" className="arrow" />
    </Scene>
  );
}

/** Two proofs that meet: what was shown and what is known. */
export function VerifyingPicture() {
  return (
    <Scene>
      <g transform="translate(52 92) rotate(-6 84 56) scale(1.5)">
        <CardShape />
      </g>
      <path d="M446 70 L560 108 V214 Q560 306 446 358 Q332 306 332 214 V108 Z" className="device" />
      <path d="M392 212 L432 252 L504 174" className="device-line" strokeWidth="16" />
    </Scene>
  );
}
