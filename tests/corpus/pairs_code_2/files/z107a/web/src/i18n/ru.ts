// строки панели поиска по лицам в архиве камер
export const ru = {
  search: {
    title: 'Поиск человека',
    upload: 'Загрузить образец',
    period: 'Период',
    appearance: 'Внешность',
    appearanceSlav: 'Славянская внешность',
    appearanceSouth: 'Неславянская внешность',
    found: (n: number) => `Найдено: ${n}`,
    empty: 'Ничего не найдено',
  },
  common: { ok: 'Хорошо', cancel: 'Отмена' },
} as const;
