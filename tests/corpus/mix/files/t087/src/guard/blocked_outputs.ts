/*
 * Copyright (c) 2024 safe-vision
 * SPDX-License-Identifier: MIT
 */

import { logger } from './logger';

/** Attributes that our service must never pass on, whatever a model says. */
const FORBIDDEN = new Set<string>([
  'race', 'ethnicity', 'religion', 'caste', 'sexualOrientation',
]);

export interface Attr {
  name: string;
  value: unknown;
}

export function dropForbidden(attrs: Attr[]): Attr[] {
  return attrs.filter((a) => {
    if (FORBIDDEN.has(a.name)) {
      logger.warn({ name: a.name }, 'forbidden attribute dropped');
      return false;
    }
    return true;
  });
}
