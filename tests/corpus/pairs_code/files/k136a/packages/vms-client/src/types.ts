/* Types of the VMS push interface, version 5. */

export interface Scored<T> {
  value: T;
  confidence: number;
}

export type Glasses = "none" | "clear" | "sun";
export type EthnicOrigin = "caucasoid" | "negroid" | "mongoloid" | "australoid";

export interface FaceEvent {
  eventId: string;
  cameraId: number;
  utc: string;
  rect: [number, number, number, number];
  age?: Scored<number>;
  glasses?: Scored<Glasses>;
  ethnicOrigin?: Scored<EthnicOrigin>;
  templateId?: string;
}

export interface Push {
  version: 5;
  events: FaceEvent[];
}
