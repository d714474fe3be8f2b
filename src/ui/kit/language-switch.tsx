import { ToggleButton, ToggleButtonGroup } from 'react-aria-components';
import './language-switch.css';

export interface LanguageSwitchProps<L extends string> {
  readonly label: string;
  /** Each named in itself, so that its speaker finds it. */
  readonly languages: readonly { readonly code: L; readonly name: string }[];
  readonly current: L;
  readonly onChange: (language: L) => void;
}

/** All languages in sight: nothing to open. */
export function LanguageSwitch<L extends string>({
  label,
  languages,
  current,
  onChange,
}: LanguageSwitchProps<L>) {
  return (
    <ToggleButtonGroup
      className="anj-languages"
      aria-label={label}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[current]}
      onSelectionChange={(keys) => {
        const chosen = languages.find(({ code }) => keys.has(code));
        if (chosen !== undefined && chosen.code !== current) onChange(chosen.code);
      }}
    >
      {languages.map(({ code, name }) => (
        <ToggleButton key={code} id={code} className="anj-languages__one" lang={code}>
          {name}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}
