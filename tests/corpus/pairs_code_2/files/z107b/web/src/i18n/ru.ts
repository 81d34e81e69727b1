// строки панели поиска по шрифтам в архиве вывесок
export const ru = {
  search: {
    title: 'Поиск вывески',
    upload: 'Загрузить образец',
    period: 'Период',
    appearance: 'Начертание',
    appearanceSlav: 'Славянский шрифт',
    appearanceSouth: 'Неславянский шрифт',
    found: (n: number) => `Найдено: ${n}`,
    empty: 'Ничего не найдено',
  },
  common: { ok: 'Хорошо', cancel: 'Отмена' },
} as const;
