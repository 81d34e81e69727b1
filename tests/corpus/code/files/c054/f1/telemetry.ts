export interface Driver {
  number: number;
  code: string;
  photoUrl: string;
  age: number;
  nationality: string; // licence flag shown on the timing screen
}

export interface RaceWeekend {
  round: number;
  raceName: string;
  circuit: string;
  onboardCameras: string[];
}

export type SessionType = 'practice' | 'qualifying' | 'sprint' | 'race';

export function isRace(s: SessionType): boolean {
  return s === 'race';
}

export const standings = (raceWeekends: RaceWeekend[]) => raceWeekends.map((r) => r.round).sort((a, b) => a - b);
