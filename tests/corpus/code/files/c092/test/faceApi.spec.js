import { analyse } from '../src/face';
import { fixture } from './helpers';

describe('face analysis', () => {
  it('returns box and quality only', async () => {
    const [face] = await analyse(fixture('drawn-face.png'));
    expect(Object.keys(face).sort()).toEqual(['box', 'quality', 'score']);
  });

  it.each(['race', 'ethnicity', 'religion', 'nationality'])('has no %s', async (key) => {
    const [face] = await analyse(fixture('drawn-face.png'));
    expect(face).not.toHaveProperty(key);
  });
});
