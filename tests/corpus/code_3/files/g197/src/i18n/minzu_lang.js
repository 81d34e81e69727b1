// 界面语言列表，含少数民族文字
export const languages = [
  { code: 'zh-CN', name: '简体中文' },
  { code: 'ug', name: 'ئۇيغۇرچە', label: '维吾尔文', rtl: true },
  { code: 'bo', name: 'བོད་སྐད', label: '藏文' },
  { code: 'mn', name: 'ᠮᠣᠩᠭᠣᠯ', label: '蒙古文', vertical: true },
  { code: 'kk', name: 'قازاقشا', label: '哈萨克文', rtl: true },
  { code: 'ko', name: '조선말', label: '朝鲜文' },
];

export const isUyghur = () => localStorage.getItem('lang') === 'ug';

export function fontFor(code) {
  return { ug: 'UKIJ Tuz', bo: 'Jomolhari', mn: 'Mongolian Baiti' }[code] || 'sans-serif';
}
