import type { Ref } from 'react';
import { Input, Label, Text, TextField } from 'react-aria-components';
import './field.css';

export interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Enter in the field does what the button below it does. */
  readonly onEnter: () => void;
  readonly kind?: 'text' | 'password';
  /** What a password keeper may fill in here (HTML, autofill). */
  readonly autoComplete: 'username' | 'current-password' | 'new-password' | 'off';
  readonly hint?: string;
  readonly maxLength: number;
  readonly inputRef?: Ref<HTMLInputElement>;
  readonly hasFocus?: boolean;
}

/** One labelled line to type into. */
export function Field({
  label,
  value,
  onChange,
  onEnter,
  kind = 'text',
  autoComplete,
  hint,
  maxLength,
  inputRef,
  hasFocus = false,
}: FieldProps) {
  return (
    <TextField
      className="con-field"
      type={kind}
      value={value}
      onChange={onChange}
      autoComplete={autoComplete}
      autoFocus={hasFocus}
      maxLength={maxLength}
      onKeyDown={(event) => {
        if (event.key === 'Enter') onEnter();
      }}
    >
      <Label>{label}</Label>
      <Input {...(inputRef === undefined ? {} : { ref: inputRef })} spellCheck={false} />
      {hint !== undefined && <Text slot="description">{hint}</Text>}
    </TextField>
  );
}
