export type Circle = { kind: 'circle'; r: number };
export type Square = { kind: 'square'; side: number };
export type Shape = Circle | Square;

/** Members of the union that carry a given key. */
export type MembersWith<U, K extends string> = U extends unknown ? (K extends keyof U ? U : never) : never;

export function area(s: Shape): number {
  switch (s.kind) {
    case 'circle':
      return Math.PI * s.r ** 2;
    case 'square':
      return s.side ** 2;
  }
}

export type UnionMember = MembersWith<Shape, 'r'>;
