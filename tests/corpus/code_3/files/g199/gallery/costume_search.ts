import { es } from '../es';

interface GarmentQuery {
  people?: string; // culture that made the garment, e.g. Hmong, Miao, Sami
  garment?: 'coat' | 'cap' | 'belt' | 'dress';
  century?: number;
}

/** Search the catalogue of photographed garments in the textile collection. */
export async function searchGarments(q: GarmentQuery) {
  const must: object[] = [];
  if (q.people) must.push({ term: { culture: q.people.toLowerCase() } });
  if (q.garment) must.push({ term: { garment: q.garment } });
  if (q.century) must.push({ term: { century: q.century } });
  return es.search({ index: 'textiles', query: { bool: { must } } });
}
