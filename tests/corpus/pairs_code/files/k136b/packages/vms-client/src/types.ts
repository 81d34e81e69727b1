/* Types of the VMS push interface, version 5. */

export interface Scored<T> {
  value: T;
  confidence: number;
}

export type Glasses = "none" | "clear" | "sun";
export type EventOrigin = "edge" | "server" | "replay" | "import";

export interface FaceEvent {
  eventId: string;
  cameraId: number;
  utc: string;
  rect: [number, number, number, number];
  age?: Scored<number>;
  glasses?: Scored<Glasses>;
  /** where the event was made, not who is in it */
  origin?: Scored<EventOrigin>;
  templateId?: string;
}

export interface Push {
  version: 5;
  events: FaceEvent[];
}
