/** What members tell about themselves. Everything but the name is optional. */
export interface MyProfile {
  displayName: string;
  pronouns?: string;
  religion?: string; // what the user typed about themself, optional
  languages: string[];
  hidden: Array<'religion' | 'pronouns' | 'languages'>;
}

export function publicView(p: MyProfile): Partial<MyProfile> {
  const copy: Partial<MyProfile> = { ...p };
  for (const key of p.hidden) delete copy[key];
  delete copy.hidden;
  return copy;
}

export function erase(p: MyProfile): MyProfile {
  return { displayName: p.displayName, languages: [], hidden: [] };
}
