import { IconArrowLeft, IconCheck, IconHeadset, IconX } from '@tabler/icons-react';
import { Button } from '../kit/button.tsx';
import { FooterActions } from '../kit/footer-actions.tsx';
import { useSession } from './session.ts';

/** Back, cancel and help: the same three places on every screen, empty where one does not apply. */
export function SessionFooter() {
  const { view, say, choose } = useSession();
  return (
    <FooterActions
      label={say('footer.label')}
      start={
        view.canGoBack && (
          <Button
            size="support"
            icon={<IconArrowLeft aria-hidden />}
            onPress={() => choose({ kind: 'back' })}
          >
            {say('footer.back')}
          </Button>
        )
      }
      middle={
        view.canCancel && (
          <Button
            size="support"
            icon={<IconX aria-hidden />}
            onPress={() => choose({ kind: 'cancel' })}
          >
            {say('footer.cancel')}
          </Button>
        )
      }
      end={
        <Button
          size="support"
          icon={view.helpCalled ? <IconCheck aria-hidden /> : <IconHeadset aria-hidden />}
          onPress={() => choose({ kind: 'callOfficer' })}
        >
          {say(view.helpCalled ? 'footer.officerCalled' : 'footer.callOfficer')}
        </Button>
      }
    />
  );
}
