import React from 'react';
import { useTranslation } from 'react-i18next';

const LANGS = [
  { code: 'zh', label: '中文' },
  { code: 'ug', label: 'ئۇيغۇرچە', rtl: true },
  { code: 'bo', label: 'བོད་ཡིག' },
  { code: 'kk', label: 'Қазақша' },
  { code: 'en', label: 'English' },
];

export const isUyghur = (code: string) => code === 'ug';

export function LangSwitch() {
  const { i18n } = useTranslation();
  return (
    <select
      value={i18n.language}
      onChange={(e) => {
        document.dir = isUyghur(e.target.value) ? 'rtl' : 'ltr';
        i18n.changeLanguage(e.target.value);
      }}
    >
      {LANGS.map((l) => <option key={l.code} value={l.code}>{l.label}</option>)}
    </select>
  );
}
