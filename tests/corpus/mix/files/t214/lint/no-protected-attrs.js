/*
 * Copyright (c) 2023 eslint-plugin-fair
 * SPDX-License-Identifier: MIT
 */

'use strict';

// No vision module of ours may read these from a face result.
const BANNED = /\b(race|ethnicity|religion|skinTone)\b/;

module.exports = {
  meta: {
    type: 'problem',
    docs: { description: 'forbid protected attributes of faces' },
    schema: [],
  },
  create(context) {
    return {
      MemberExpression(node) {
        if (node.object.name === 'face' && BANNED.test(node.property.name)) {
          context.report({ node, message: 'protected attribute is forbidden here' });
        }
      },
    };
  },
};
