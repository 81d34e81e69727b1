export interface LandUnit {
  id: string;
  name: string;
  kind: 'tribal_land' | 'national_park' | 'state_forest';
  areaKm2: number;
  polygon: [number, number][];
}

export const UNITS: LandUnit[] = [
  { id: 'T-01', name: 'Pine Ridge tribal land', kind: 'tribal_land', areaKm2: 8984, polygon: [] },
  { id: 'P-04', name: 'Black Canyon', kind: 'national_park', areaKm2: 124, polygon: [] },
];

export const tribalArea = () =>
  UNITS.filter((u) => u.kind === 'tribal_land').reduce((s, u) => s + u.areaKm2, 0);
