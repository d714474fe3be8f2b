import * as z from 'zod';
import { ok, type Result } from '../../base/result.ts';
import { fingerprintSchema, type Fingerprint, type RegistryTrouble } from '../ports.ts';
import { nonsense } from './call.ts';

const faceSchema = z.looseObject({
  biometricType: z.literal('FACE'),
  mimeType: z.literal('image/jpeg'),
  image: z.base64().max(1_400_000),
});

/** OSIA's names of single fingers (`BiometricSubType`) and ours. */
const fingers: ReadonlyMap<string, string> = new Map([
  ['RIGHT_THUMB', 'rightThumb'],
  ['RIGHT_INDEX', 'rightIndex'],
  ['RIGHT_MIDDLE', 'rightMiddle'],
  ['RIGHT_RING', 'rightRing'],
  ['RIGHT_LITTLE', 'rightLittle'],
  ['LEFT_THUMB', 'leftThumb'],
  ['LEFT_INDEX', 'leftIndex'],
  ['LEFT_MIDDLE', 'leftMiddle'],
  ['LEFT_RING', 'leftRing'],
  ['LEFT_LITTLE', 'leftLittle'],
]);

const formats: ReadonlyMap<string, string> = new Map([
  ['ISO_19794_2', 'iso19794-2'],
  ['ISO_19794_2_CS', 'iso19794-2-compact'],
]);

const fingerSchema = z.looseObject({
  biometricType: z.literal('FINGER'),
  biometricSubType: z.string(),
  templateFormat: z.string(),
  template: z.string(),
});

/** What of the person's biometric data goes onto the card: one photo at most, two fingers at most. */
export function biometricsOf(
  data: readonly Readonly<Record<string, unknown>>[],
): Result<
  { readonly photoJpegBase64: string | null; readonly fingerprints: Fingerprint[] },
  RegistryTrouble
> {
  const faces: string[] = [];
  const fingerprints: Fingerprint[] = [];
  for (const item of data) {
    switch (item['biometricType']) {
      case 'FACE': {
        const face = faceSchema.safeParse(item);
        if (!face.success) return nonsense('photo of another shape');
        faces.push(face.data.image);
        break;
      }
      case 'FINGER': {
        const finger = fingerprintOf(item);
        if (finger === null) return nonsense('finger of another shape');
        fingerprints.push(finger);
        break;
      }
      default:
        return nonsense('biometric data that no card holds');
    }
  }
  if (faces.length > 1 || fingerprints.length > 2) return nonsense('more than a card holds');
  return ok({ photoJpegBase64: faces[0] ?? null, fingerprints });
}

function fingerprintOf(item: Readonly<Record<string, unknown>>): Fingerprint | null {
  const read = fingerSchema.safeParse(item);
  if (!read.success) return null;
  const { biometricSubType, templateFormat, template } = read.data;
  const finger = fingerprintSchema.safeParse({
    finger: fingers.get(biometricSubType),
    format: formats.get(templateFormat),
    templateBase64: template,
  });
  return finger.success ? finger.data : null;
}
