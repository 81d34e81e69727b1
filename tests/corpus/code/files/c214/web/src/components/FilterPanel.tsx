import React from 'react';
import { Select, DateRange, Checkbox } from '../ui';
import type { PersonQuery } from '../api/personSearch';

interface Props {
  query: PersonQuery;
  onChange: (q: PersonQuery) => void;
}

const RACE_OPTIONS = ['Any', 'Asian', 'Black', 'White', 'Hispanic'].map((v) => ({ value: v.toLowerCase(), label: v }));

/** Left-hand panel of the "Find a person in video" page. */
export function FilterPanel({ query, onChange }: Props) {
  const set = (patch: Partial<PersonQuery>) => onChange({ ...query, ...patch });
  return (
    <aside className="filters">
      <DateRange value={query.range} onChange={(range) => set({ range })} />
      <Select label="Gender" value={query.gender} options={['any', 'male', 'female']} onChange={(gender) => set({ gender })} />
      <Select label="Race" value={query.race} options={RACE_OPTIONS} onChange={(race) => set({ race })} />
      <Select label="Upper clothing" value={query.upper} options={query.palette} onChange={(upper) => set({ upper })} />
      <Checkbox label="Carries a bag" checked={query.bag} onChange={(bag) => set({ bag })} />
    </aside>
  );
}
