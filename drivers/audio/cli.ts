import { parseArgs } from 'node:util';
import { systemClock } from '../../src/base/clock.ts';
import { speakable } from './protocol.ts';
import { systemSpeech } from './transport.ts';

const USAGE = `Usage: node drivers/audio/cli.ts --output PCM [--voice VOICE] [--speed N] [--volume N] [TEXT]
Shows that an output works: looks at it, then says a sentence and how it ended.
  --output PCM     an ALSA output, such as default or plughw:CARD=PCH; aplay -L lists them
  --voice VOICE    an espeak-ng voice, default id; espeak-ng --voices lists them
  --speed N        words a minute, default 160
  --volume N       0 to 200, default 100
TEXT is for trying only: what stands on a command line can be read by any user of the machine.
Ends with 1 when nothing sounded.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    output: { type: 'string' },
    voice: { type: 'string', default: 'id' },
    speed: { type: 'string', default: '160' },
    volume: { type: 'string', default: '100' },
    help: { type: 'boolean', default: false },
  },
});
const { output, voice } = values;
if (values.help || output === undefined) {
  console.log(USAGE);
  process.exit(values.help ? 0 : 64);
}

const speech = systemSpeech({
  clock: systemClock,
  programs: { 'espeak-ng': 'espeak-ng', aplay: 'aplay' },
  alsaConfigPath: null,
});
const seen = await speech.look(output);
console.log(`${output}: ${seen.ok ? 'opens' : JSON.stringify(seen.error)}`);
const hasVoice = await speech.hasVoice(voice);
console.log(
  `voice ${voice}: ${hasVoice.ok ? String(hasVoice.value) : JSON.stringify(hasVoice.error)}`,
);
const utterance = speech.say({
  text: speakable(positionals.join(' ') || 'Suara terminal ini berfungsi.'),
  voice,
  wordsPerMinute: Number(values.speed),
  amplitude: Number(values.volume),
  output,
});
process.once('SIGINT', () => void utterance.cutOff());
const startedMs = performance.now();
if (await utterance.begun)
  console.log(`begun after ${Math.round(performance.now() - startedMs)} ms`);
const end = await utterance.ended;
console.log(end.kind === 'failed' ? `failed: ${JSON.stringify(end.fault)}` : end.kind);
process.exit(end.kind === 'failed' ? 1 : 0);
