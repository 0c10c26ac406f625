import { AccessState, type ControlCommand, encodeControl } from '@tallystick/access'
import { ROUTES } from '@tallystick/contract'
import { expect, test } from 'vitest'

import { Refused } from '../http/refused.ts'
import { Door } from './door.ts'
import { Issuers } from './issuers.ts'
import { LastUsed } from './last-used.ts'

const ISSUER = 'https://id.example'
const token = { issuer: ISSUER, subject: '7', expiresAtMs: 1_000 }

/** A door that one came through with a token that nobody remembers any more. */
function opened() {
  const access = new AccessState()
  const given = (command: ControlCommand): void => void access.fold(encodeControl(command), 1n)
  given({ control: 'create_principal', principal: 'ada', kind: 'person' })
  given({ control: 'bind_identity', issuer: ISSUER, subject: '7', principal: 'ada' })
  const grant = `grant_${'0'.repeat(26)}`
  const granted = { scopes: ['events:read'], addresses: ['*'] }
  given({ control: 'create_grant', grant, principal: 'ada', role: null, ...granted })
  const issuers = new Issuers([{ issuer: ISSUER, audience: 'tallystick' }], () => {})
  const door = new Door(access, 'tk_root_0123456789abcdef0123456789abcdef', {
    ...{ issuers, lastUsed: new LastUsed({ data: undefined, onTrouble: () => {} }) },
  })
  const { version } = access
  const before = { name: 'ada', keyId: 'oidc_1', token, rights: access.rightsOf('ada'), version }
  const knock = { authorization: 'Bearer a.b.c', from: '192.0.2.7' }
  return {
    ...{ given, mayStill: () => door.again(before)?.rights?.has('events:read') === true },
    enter: (nowMs: number) => door.enter({ ...knock, nowMs }, ROUTES.streamEvents, before)?.name,
  }
}

test('a stream goes on until its token ends, and no longer', () => {
  const { enter } = opened()
  expect(enter(999)).toBe('ada')
  expect(() => enter(1_000)).toThrow(Refused)
})

test.each<[string, ControlCommand]>([
  ['is unbound', { control: 'bind_identity', issuer: ISSUER, subject: '7', principal: null }],
  ['is stopped', { control: 'disable_principal', principal: 'ada' }],
])('whoever %s is out at once, with a stream and with a write that waited', (_what, command) => {
  const { enter, mayStill, given } = opened()
  expect(mayStill()).toBe(true)
  given(command)
  expect(() => enter(500)).toThrow(Refused)
  expect(mayStill()).toBe(false)
})
