/** What a page must keep apart: text 4.5 to 1, shapes that mark a control 3 to 1 (WCAG 2.2, 1.4.3 and 1.4.11). */
export interface ContrastRule {
  readonly front: string;
  readonly back: string;
  readonly least: number;
}

const text = (front: string, ...backs: readonly string[]): readonly ContrastRule[] =>
  backs.map((back) => ({ front, back, least: 4.5 }));
const shape = (front: string, ...backs: readonly string[]): readonly ContrastRule[] =>
  backs.map((back) => ({ front, back, least: 3 }));

const SURFACES = ['--ina-background-primary', '--ina-background-secondary'] as const;

/** Each role on each ground that a component puts it on. */
export const contrastRules: readonly ContrastRule[] = [
  ...text(
    '--ina-content-primary',
    ...SURFACES,
    '--ina-background-tertiary',
    '--ina-background-brand-subtle',
    '--ina-background-guide-subtle',
    '--ina-background-positive-subtle',
    '--ina-background-warning-subtle',
    '--ina-background-negative-subtle',
  ),
  ...text('--ina-content-secondary', ...SURFACES),
  ...text('--ina-content-positive', ...SURFACES),
  ...text('--ina-content-warning', ...SURFACES),
  ...text('--ina-content-brand', ...SURFACES),
  ...text('--ina-content-on-primary', '--ina-background-brand', '--ina-background-brand-hover'),
  ...text('--anj-header-content', '--anj-header-background'),
  ...text('--anj-header-content-quiet', '--anj-header-background'),
  ...shape('--ina-background-brand', ...SURFACES),
  ...shape('--ina-stroke-brand', ...SURFACES),
  ...shape('--ina-stroke-input', ...SURFACES),
  ...shape('--ina-stroke-focus', '--ina-background-primary'),
  ...shape('--ina-stroke-positive', '--ina-background-primary'),
  ...shape('--ina-content-guide', '--ina-background-guide-subtle'),
  ...shape('--ina-content-positive', '--ina-background-positive-subtle'),
  ...shape('--ina-content-warning', '--ina-background-warning-subtle'),
  ...shape('--ina-content-negative-strong', '--ina-background-negative-subtle'),
];

/** The rules that the colours break, each with its ratio. `colours` maps a role to `#rrggbb`. */
export function contrastFaults(
  colours: Readonly<Record<string, string>>,
  rules: readonly ContrastRule[] = contrastRules,
): readonly string[] {
  return rules.flatMap(({ front, back, least }) => {
    const ratio = contrast(colourOf(colours, front), colourOf(colours, back));
    return ratio < least ? [`${front} on ${back}: ${ratio.toFixed(2)} < ${least}`] : [];
  });
}

function colourOf(colours: Readonly<Record<string, string>>, role: string): string {
  const colour = colours[role];
  if (colour === undefined || !/^#[0-9a-f]{6}$/i.test(colour)) {
    throw new Error(`${role} is ${JSON.stringify(colour)}, not a plain colour`);
  }
  return colour;
}

/** WCAG 2.2 contrast ratio of two `#rrggbb` colours. */
export function contrast(one: string, other: string): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((start) => Number.parseInt(colour.slice(start, start + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
