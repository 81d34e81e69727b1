'use strict';

/**
 * @module attributes
 * Wraps the ONNX session of the 18-way attribute net.
 */
const ort = require('onnxruntime-node');
const { toTensor } = require('./tensor');

const RACE = ['white', 'black', 'latino', 'east asian', 'southeast asian', 'indian', 'middle eastern'];
const AGE = ['0-2', '3-9', '10-19', '20-29', '30-39', '40-49', '50-59', '60-69', '70+'];

const argmax = (a) => a.reduce((b, v, i) => (v > a[b] ? i : b), 0);

async function attributes(session, face) {
  const { output } = await session.run({ input: toTensor(face, 224) });
  const d = Array.from(output.data);
  return {
    race: RACE[argmax(d.slice(0, 7))],
    age: AGE[argmax(d.slice(9, 18))],
  };
}

module.exports = { attributes };
