import { EventEmitter } from 'events';
import pino from 'pino';

const log = pino({ name: 'shelf' });

export interface Detection {
  cls: 'person' | 'bottle' | 'box';
  score: number;
  box: [number, number, number, number];
}

/** Counts people in front of the shelf and missing faces (a face is one product front). */
export class ShelfCounter extends EventEmitter {
  constructor(private readonly facesPlanned: number) {
    super();
  }

  update(dets: Detection[]): void {
    const people = dets.filter((d) => d.cls === 'person').length;
    const faces = dets.filter((d) => d.cls !== 'person').length;
    if (faces < this.facesPlanned) {
      log.info({ missing: this.facesPlanned - faces }, 'shelf gap');
      this.emit('gap', this.facesPlanned - faces);
    }
    this.emit('people', people);
  }
}
