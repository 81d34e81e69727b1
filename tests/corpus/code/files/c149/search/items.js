// قائمة الأطباق والمدن للبحث السريع
export const items = [
  { type: 'طبق', name: 'مندي', origin: 'اليمن' },
  { type: 'طبق', name: 'كبسة', origin: 'السعودية' },
  { type: 'طبق', name: 'كباب تركي', origin: 'تركيا' },
  { type: 'مدينة', name: 'كاشغر', origin: 'الصين' },
  { type: 'مدينة', name: 'الناصرة', origin: 'فلسطين' },
];

// البحث بالبادئة
export const search = (q) => items.filter((i) => i.name.startsWith(q));
