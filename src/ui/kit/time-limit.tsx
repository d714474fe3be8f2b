import { useEffect, useState } from 'react';
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { Button } from './button.tsx';
import './time-limit.css';

export interface TimeLimitProps {
  /** From now until the screen closes, and how much of that is left when the question appears. */
  readonly remainingMs: number;
  readonly warnAtMs: number;
  readonly words: {
    readonly title: string;
    readonly explanation: (seconds: number) => string;
    readonly stay: string;
    readonly leave: string;
  };
  readonly onStay: () => void;
  /** null where the session cannot be ended here. */
  readonly onLeave: (() => void) | null;
}

/** Asks "still here?" before a time limit ends, and gives the time again. Mount it anew for each limit. */
export function TimeLimit({ remainingMs, warnAtMs, words, onStay, onLeave }: TimeLimitProps) {
  const secondsLeft = useSecondsLeft(remainingMs, warnAtMs);
  const [secondsAtFirst] = useState(() => Math.ceil(Math.min(remainingMs, warnAtMs) / 1000));
  return (
    <ModalOverlay
      className="anj-overlay"
      isOpen={secondsLeft !== null}
      isDismissable={false}
      isKeyboardDismissDisabled
    >
      <Modal className="anj-modal">
        <Dialog role="alertdialog" className="anj-dialog">
          <Heading slot="title" className="anj-dialog__title">
            {words.title}
          </Heading>
          <p className="anj-dialog__words anj-figures" aria-hidden>
            {words.explanation(secondsLeft ?? secondsAtFirst)}
          </p>
          {/* Spoken once: a count that changes each second would never let anything else be heard. */}
          <p className="anj-unseen" role="alert">
            {words.explanation(secondsAtFirst)}
          </p>
          <div className="anj-dialog__actions">
            {onLeave !== null && <Button onPress={onLeave}>{words.leave}</Button>}
            <Button hierarchy="primary" onPress={onStay}>
              {words.stay}
            </Button>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

/** null until the warning is due, then the whole seconds that are left. */
function useSecondsLeft(remainingMs: number, warnAtMs: number): number | null {
  const [secondsLeft, setSecondsLeft] = useState<number | null>(null);
  useEffect(() => {
    const endsAt = performance.now() + remainingMs;
    const tell = (): void => {
      const leftMs = endsAt - performance.now();
      if (leftMs <= warnAtMs) setSecondsLeft(Math.max(0, Math.ceil(leftMs / 1000)));
    };
    let everySecond: ReturnType<typeof setInterval> | null = null;
    const untilWarning = setTimeout(
      () => {
        tell();
        everySecond = setInterval(tell, 1000);
      },
      Math.max(0, remainingMs - warnAtMs),
    );
    return () => {
      clearTimeout(untilWarning);
      if (everySecond !== null) clearInterval(everySecond);
    };
  }, [remainingMs, warnAtMs]);
  return secondsLeft;
}
