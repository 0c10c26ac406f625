import { expect, test } from 'vitest'

import { parsePlace } from './scrub-place.ts'

const PLACE = {
  beganAt: 5,
  damage: 'a byte',
  position: { segment: 2, offset: 4_096, sequence: 77, chain: 3 },
}

test('a place is read back as it was kept', () => {
  expect(parsePlace(JSON.stringify(PLACE))).toEqual(PLACE)
  const sound = { ...PLACE, damage: undefined }
  expect(parsePlace(JSON.stringify(sound))).toEqual(sound)
})

test.each([
  'null',
  '{}',
  JSON.stringify({ ...PLACE, beganAt: -1 }),
  JSON.stringify({ ...PLACE, position: { ...PLACE.position, chain: 'x' } }),
  JSON.stringify({ ...PLACE, position: { segment: 1 } }),
])('%s is no place', (text) => {
  expect(parsePlace(text)).toBeUndefined()
})
