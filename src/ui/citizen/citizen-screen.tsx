import type { ReactNode } from 'react';
import { ScreenBody } from '../kit/frame.tsx';
import { PictureRoom } from '../kit/picture-room.tsx';
import { ScreenTitle } from '../kit/screen-title.tsx';
import { ProblemAlert } from './problem-alert.tsx';
import { SessionFooter } from './session-footer.tsx';
import './citizen.css';

export interface CitizenScreenProps {
  readonly title: string;
  readonly intro?: string;
  /** Beside the words: it fills what they leave of the upper (or left) part. */
  readonly picture?: ReactNode;
  /** In place of controls: what the hands should do, at their own height. */
  readonly scene?: ReactNode;
  /** In place of what the view says went wrong, where the screen knows better words for it. */
  readonly trouble?: ReactNode;
  /** More to know, after title and problem. */
  readonly aside?: ReactNode;
  /** What to touch. */
  readonly children?: ReactNode;
}

/** The shape of every screen of a visit: question, trouble if any, picture; then hands and footer. */
export function CitizenScreen({
  title,
  intro,
  picture,
  scene,
  trouble = <ProblemAlert />,
  aside,
  children,
}: CitizenScreenProps) {
  return (
    <ScreenBody
      kind={scene === undefined ? 'question' : 'scene'}
      lead={
        <>
          <ScreenTitle intro={intro}>{title}</ScreenTitle>
          {trouble}
          {aside}
          {picture !== undefined && <PictureRoom>{picture}</PictureRoom>}
        </>
      }
      footer={<SessionFooter />}
    >
      {scene !== undefined && <PictureRoom>{scene}</PictureRoom>}
      {children}
    </ScreenBody>
  );
}
