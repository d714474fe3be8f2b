import { MessagePicture, NikPicture } from '../../kit/pictures/entries.tsx';
import { NumberEntry } from '../number-entry.tsx';
import { useSession, type ScreenProps } from '../session.ts';

/** The NIK in the groups people read it in: region, birth date, serial. */
export function EnterNikScreen() {
  const { say, choose } = useSession();
  return (
    <NumberEntry
      title={say('enterNik.title')}
      intro={say('enterNik.intro')}
      picture={<NikPicture />}
      groups={[6, 6, 4]}
      onSubmit={(nik) => choose({ kind: 'submitNik', nik })}
    />
  );
}

export function EnterPinScreen() {
  const { say, choose } = useSession();
  return (
    <NumberEntry
      title={say('enterPin.title')}
      intro={say('enterPin.intro')}
      picture={<MessagePicture digits={6} />}
      groups={[6]}
      isMasked
      onSubmit={(pin) => choose({ kind: 'submitPin', pin })}
    />
  );
}

/** The print code dies with the document it is for, so it may be read while it is typed. */
export function EnterPrintCodeScreen({ screen }: ScreenProps<'enterPrintCode'>) {
  const { say, choose } = useSession();
  return (
    <NumberEntry
      title={
        screen.documentKind === null
          ? say('enterPrintCode.title')
          : say('enterPrintCode.titleFor', {
              document: say(`document.${screen.documentKind}.name`),
            })
      }
      intro={say('enterPrintCode.intro')}
      picture={<MessagePicture digits={8} />}
      groups={[4, 4]}
      onSubmit={(printCode) => choose({ kind: 'submitPrintCode', printCode })}
    />
  );
}
