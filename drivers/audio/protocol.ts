/** How espeak-ng(1) and aplay(1) are asked, and what aplay's complaints mean. Nothing here starts anything. */

export type ProgramName = 'espeak-ng' | 'aplay';

/** What a program needs to be installed. */
export const DEBIAN_PACKAGES: Readonly<Record<ProgramName, string>> = {
  'espeak-ng': 'espeak-ng',
  aplay: 'alsa-utils',
};

/** Why nothing sounds, or no more. */
export type SpeechFault =
  | { readonly kind: 'missingProgram'; readonly program: ProgramName }
  /** ALSA knows no such output, or the card it lies on is not there: ALSA itself does not tell these apart. */
  | { readonly kind: 'absent' }
  | { readonly kind: 'inUse' }
  /** This user may not open it. */
  | { readonly kind: 'refused' }
  /** It neither took the sound nor said why not, in the time that it has. */
  | { readonly kind: 'silent' }
  /** aplay ended with a complaint that is none of these. */
  | { readonly kind: 'broken' }
  /** The voice ended before the text did. */
  | { readonly kind: 'synthesiserFailed' };

/** One utterance as the programs take it. */
export interface Words {
  /** As `speakable` leaves it. */
  readonly text: string;
  /** An espeak-ng voice, such as `id`. */
  readonly voice: string;
  readonly wordsPerMinute: number;
  /** 0 to 200; 100 is what espeak-ng calls normal. */
  readonly amplitude: number;
  /** An ALSA PCM, such as `plughw:CARD=Headset`. */
  readonly output: string;
}

/** espeak-ng's own characters: what they begin is obeyed and not spoken. */
const OBEYED = /[\p{Cc}\p{Cf}[\]]/gu;

/**
 * The text with each character that espeak-ng would obey made a space. A control character can begin an
 * embedded command (U+0001, which sets speed and pitch or plays a file), and `[[` a list of phonemes; a
 * name or an address must not be able to do either.
 */
export const speakable = (text: string): string => text.toWellFormed().replace(OBEYED, ' ');

/** espeak-ng(1). The text is not among the arguments: any user of the machine can read those. */
export const voiceArguments = (words: Words): readonly string[] => [
  '-v',
  words.voice,
  '-s',
  String(words.wordsPerMinute),
  '-a',
  String(words.amplitude),
  // The input is UTF-8.
  '-b',
  '1',
  '--stdin',
  '--stdout',
];

/** aplay(1), reading a WAV from standard input; `-v` has it say when the output took the format. */
export const playArguments = (output: string): readonly string[] => [
  '-v',
  '-D',
  output,
  '-t',
  'wav',
  '-',
];

/** aplay(1) playing nothing at all in the voice's format: the output is opened, set up and closed. */
export const lookArguments = (output: string): readonly string[] => [
  ...['-q', '-D', output, '-t', 'raw'],
  ...['-f', 'S16_LE', '-c', '1', '-r', '22050', '/dev/null'],
];

/** `aplay -v` prints this once the output is open and has taken the format (snd_pcm_dump of alsa-lib). */
const SET_UP = 'Its setup is:';
export const tookTheSound = (complaints: string): boolean => complaints.includes(SET_UP);

/** What strerror(3) says in the C locale at the end of an aplay complaint. */
const COMPLAINTS: readonly (readonly [
  RegExp,
  SpeechFault['kind'] & ('absent' | 'inUse' | 'refused'),
])[] = [
  [/error: No such (file or directory|device)/, 'absent'],
  [/error: Device or resource busy/, 'inUse'],
  [/error: (Permission denied|Operation not permitted)/, 'refused'],
];

/** What is meant by all that an aplay wrote that ended in failure. */
export function faultOf(complaints: string): SpeechFault {
  const known = COMPLAINTS.find(([pattern]) => pattern.test(complaints));
  return { kind: known?.[1] ?? 'broken' };
}

/** Room for a voice to begin and an output to play what it holds. */
const MARGIN_MS = 10_000;

/**
 * Longer than the text can take to be spoken: no character is more than two words, be it a digit or a sign
 * that has a name.
 */
export const longestSpeechMs = ({ text, wordsPerMinute }: Words): number =>
  MARGIN_MS + (text.length * 2 * 60_000) / wordsPerMinute;
