export interface Invoice {
  id: string;
  dueAt: number;
  gracePeriodDays: number;
  surface_field: 'card' | 'panel';
}

export const inGrace = (i: Invoice, now = Date.now()) => now < i.dueAt + i.gracePeriodDays * 864e5;

export function bracket(text: string): string {
  return text.replaceAll('{', '[').replaceAll('}', ']');
}
