import { useCallback, useEffect, useState } from 'react';
import { languageSchema, type Language } from '../../rpc/citizen-view.ts';

const STORED_LANGUAGE = 'anjungan.console.language';

/** The language last chosen in this browser; Indonesian before that. */
export function useLanguage(): readonly [Language, (language: Language) => void] {
  const [language, setLanguage] = useState<Language>(
    () => languageSchema.safeParse(localStorage.getItem(STORED_LANGUAGE)).data ?? 'id',
  );
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const choose = useCallback((chosen: Language) => {
    localStorage.setItem(STORED_LANGUAGE, chosen);
    setLanguage(chosen);
  }, []);
  return [language, choose];
}

/** Light or dark as the browser's owner prefers, now and whenever that changes. */
export function followColourScheme(): void {
  const dark = window.matchMedia('(prefers-color-scheme: dark)');
  const apply = (): void => {
    document.documentElement.dataset['theme'] = dark.matches ? 'dark' : 'light';
  };
  dark.addEventListener('change', apply);
  apply();
}
