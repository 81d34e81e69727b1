import { XmlNode, text, num } from '../xml';

/** Human face metadata of the analytics stream. */
export interface HumanFace {
  ageMin?: number;
  ageMax?: number;
  complexion?: 'White' | 'Black' | 'Asian' | 'Other';
  facialShape?: string;
  temperature?: number;
}

export function parseHumanFace(node: XmlNode): HumanFace {
  return {
    ageMin: num(node, 'Age/Min'),
    ageMax: num(node, 'Age/Max'),
    complexion: text(node, 'Complexion') as 'White' | 'Black' | 'Asian' | 'Other' | undefined,
    facialShape: text(node, 'FacialShape'),
    temperature: num(node, 'Temperature'),
  };
}
