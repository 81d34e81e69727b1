export interface Cuisine {
  slug: string;
  title: string;
  group: 'ethnic' | 'comfort' | 'seasonal';
  photo: string;
}

export const CUISINES: Cuisine[] = [
  { slug: 'uyghur', title: 'Uyghur noodles and pilaf', group: 'ethnic', photo: '/img/laghman.jpg' },
  { slug: 'turkish', title: 'Turkish grill', group: 'ethnic', photo: '/img/adana.jpg' },
  { slug: 'ethiopian', title: 'Ethiopian injera', group: 'ethnic', photo: '/img/injera.jpg' },
  { slug: 'mexican', title: 'Mexican street food', group: 'ethnic', photo: '/img/taco.jpg' },
  { slug: 'soup', title: 'Soups', group: 'comfort', photo: '/img/soup.jpg' },
];
