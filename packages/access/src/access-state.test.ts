import { describe, expect, test } from 'vitest'

import { AccessState } from './access-state.ts'
import { type ControlCommand, decodeControl, encodeControl } from './control-command.ts'
import { ControlStatus } from './control-status.ts'
import { accessOfText, accessText } from './saved-access.ts'

const numbered = (kind: 'key' | 'grant', n: number): string =>
  `${kind}_${String(n).padStart(26, '0')}`

function keyOf(n: number, more: Partial<{ expires_at: string; ip_ranges: string[] }> = {}) {
  const hash = n.toString(16).padStart(64, '0')
  return {
    key: numbered('key', n),
    hash,
    prefix: 'tk_live_abcdef',
    expires_at: null,
    ip_ranges: [],
    ...more,
  }
}

const person = (principal: string): ControlCommand => ({
  ...{ control: 'create_principal', principal, kind: 'person' },
})
const keyFor = (principal: string, n: number, more = {}): ControlCommand => ({
  ...{ control: 'create_key', principal, ...keyOf(n, more) },
})
const grantTo = (principal: string, n: number, more: object = {}): ControlCommand => ({
  ...{ control: 'create_grant', grant: numbered('grant', n), principal, role: 'cashier' },
  ...{ scopes: [], addresses: ['partners:acme:*'], ...more },
})
const adminTo = (principal: string, n: number): ControlCommand =>
  grantTo(principal, n, { role: 'admin', addresses: ['*'] })

/** Decides and folds one after another, at 1, 2, 3 … ns. */
class Machine {
  readonly state = new AccessState()
  readonly done: Uint8Array[] = []

  ask(command: ControlCommand): ControlStatus {
    const bytes = encodeControl(command)
    const status = this.state.decide(bytes)
    if (status === ControlStatus.changed) {
      this.done.push(bytes)
      this.state.fold(bytes, BigInt(this.done.length))
    }
    return status
  }

  given(...commands: readonly ControlCommand[]): this {
    for (const command of commands) {
      const status = this.ask(command)
      if (status !== ControlStatus.changed) throw new Error(`${command.control}: ${status}`)
    }
    return this
  }
}

test('rights are the scopes of role and grant on the addresses of the grant, and nowhere else', () => {
  const { state } = new Machine().given(
    person('ada'),
    grantTo('ada', 1),
    grantTo('ada', 2, { role: null, scopes: ['money:issue'], addresses: ['world:EUR-2'] }),
  )
  const rights = state.rightsOf('ada')
  expect(rights.hasAt('transfers:debit', 'partners:acme')).toBe(true)
  expect(rights.hasAt('transfers:debit', 'partners:acme:till:1')).toBe(true)
  expect(rights.hasAt('transfers:debit', 'partners:acme2')).toBe(false)
  expect(rights.hasAt('transfers:debit', 'partners')).toBe(false)
  expect(rights.hasAt('transfers:debit', 'world:EUR-2')).toBe(false)
  expect(rights.hasAt('money:issue', 'world:EUR-2')).toBe(true)
  expect(rights.hasAt('money:issue', 'partners:acme')).toBe(false)
  expect(rights.hasBelow('accounts:read', 'partners')).toBe(false)
  expect(rights.hasBelow('accounts:read', 'partners:acme')).toBe(true)
  expect(rights.hasEverywhere('accounts:read')).toBe(false)
  expect(rights.has('keys:manage')).toBe(false)
  expect(rights.reaches('world:EUR-2')).toBe(true)
  expect(rights.reaches('world:USD-2')).toBe(false)
})

test('what is taken back is gone at once, and a disabled principal has nothing', () => {
  const machine = new Machine().given(person('ada'), grantTo('ada', 1))
  machine.given({ control: 'disable_principal', principal: 'ada' })
  expect(machine.state.rightsOf('ada').has('accounts:read')).toBe(false)
  machine.given({ control: 'enable_principal', principal: 'ada' })
  expect(machine.state.rightsOf('ada').has('accounts:read')).toBe(true)
  machine.given({ control: 'revoke_grant', grant: numbered('grant', 1) })
  expect(machine.state.rightsOf('ada').has('accounts:read')).toBe(false)
})

test('a changed role changes everybody who has it', () => {
  const machine = new Machine().given(
    { control: 'put_role', role: 'clerk', scopes: ['accounts:read'] },
    person('ada'),
    grantTo('ada', 1, { role: 'clerk' }),
  )
  expect(machine.state.rightsOf('ada').has('holds:write')).toBe(false)
  machine.given({ control: 'put_role', role: 'clerk', scopes: ['holds:write'] })
  expect(machine.state.rightsOf('ada').has('holds:write')).toBe(true)
  expect(machine.state.rightsOf('ada').has('accounts:read')).toBe(false)
})

test('a rotated key ends with the overlap, and never later than it would have', () => {
  const machine = new Machine().given(person('ada'), keyFor('ada', 1, { expires_at: '50' }))
  machine.given({ control: 'rotate_key', replaces: numbered('key', 1), until: '90', ...keyOf(2) })
  expect(machine.state.key(numbered('key', 1))).toMatchObject({
    ...{ expiresAt: 50n, replacedBy: numbered('key', 2) },
  })
  machine.given({ control: 'rotate_key', replaces: numbered('key', 2), until: '90', ...keyOf(3) })
  expect(machine.state.key(numbered('key', 2))?.expiresAt).toBe(90n)
  expect(machine.state.keyOfHash(keyOf(3).hash)?.principal).toBe('ada')
})

const limit = (perSecond: number | null, burst: number | null): ControlCommand => ({
  ...{ control: 'limit_calls', principal: 'ada', per_second: perSecond, burst },
})

test('a limit of calls stands until it is lifted, and a book that never had one keeps its bytes', () => {
  const machine = new Machine().given(person('ada'))
  expect(machine.ask({ ...limit(1, 1), principal: 'bob' } as ControlCommand)).toBe(
    ControlStatus.principalNotFound,
  )
  const before = machine.state.bytes().length
  machine.given(limit(100, 300), { control: 'disable_principal', principal: 'ada' })
  expect(machine.state.principal('ada')).toMatchObject({ callRate: { perSecond: 100, burst: 300 } })
  const loaded = new AccessState()
  loaded.load(accessOfText(accessText(machine.state.save())))
  expect(loaded.bytes()).toEqual(machine.state.bytes())
  expect(loaded.bytes().length).toBeGreaterThan(before)
  machine.given(limit(null, null))
  expect(machine.state.principal('ada')).not.toHaveProperty('callRate')
  expect(machine.state.bytes()).toHaveLength(before)
})

const bind = (principal: string | null, subject = '7'): ControlCommand => ({
  ...{ control: 'bind_identity', issuer: 'https://id.example', subject, principal },
})

test('an identity is one principal’s, the last that it was bound to, until it is nobody’s; without any the bytes are as before', () => {
  const machine = new Machine().given(person('ada'), person('eve'))
  expect(machine.ask(bind('bob'))).toBe(ControlStatus.principalNotFound)
  const before = machine.state.bytes().length
  machine.given(bind('ada'), bind('ada', '8'), bind('eve'))
  expect(machine.state.identities.find('https://id.example', '7')?.principal).toBe('eve')
  const loaded = new AccessState()
  loaded.load(accessOfText(accessText(machine.state.save())))
  expect(loaded.bytes()).toEqual(machine.state.bytes())
  expect([...loaded.identities.all]).toEqual([...machine.state.identities.all])
  machine.given(bind(null), bind(null, '8'), bind(null, '9'))
  expect(machine.state.identities.isEmpty).toBe(true)
  expect(machine.state.bytes()).toHaveLength(before)
})

test.each(['', '"', '\\', 'é', 'a\n', 'x'.repeat(256)])('a subject %j is malformed', (subject) => {
  const machine = new Machine().given(person('ada'))
  expect(machine.ask(bind('ada', subject))).toBe(ControlStatus.malformedControl)
})

test('root is nobody’s name', () => {
  expect(new Machine().ask(person('root'))).toBe(ControlStatus.alreadyExists)
})

const administered = (): Machine =>
  new Machine().given(person('ada'), adminTo('ada', 1), keyFor('ada', 1))

describe('somebody can always give rights, once somebody could', () => {
  test('as soon as an administrator has a key that lasts', () => {
    const machine = new Machine().given(person('ada'), adminTo('ada', 1))
    expect(machine.state.hasAdministrator).toBe(false)
    machine.given(keyFor('ada', 1, { ip_ranges: ['10.0.0.0/8'] }))
    expect(machine.state.hasAdministrator).toBe(false)
    machine.given(keyFor('ada', 2))
    expect(machine.state.hasAdministrator).toBe(true)
  })

  test.each<[string, ControlCommand]>([
    ['his key', { control: 'revoke_key', key: numbered('key', 1) }],
    ['his grant', { control: 'revoke_grant', grant: numbered('grant', 1) }],
    ['himself', { control: 'disable_principal', principal: 'ada' }],
    [
      'his lasting key',
      {
        control: 'rotate_key',
        replaces: numbered('key', 1),
        until: '9',
        ...keyOf(2, { expires_at: '99' }),
      },
    ],
  ])('the last one cannot lose %s', (_what, command) => {
    const machine = administered()
    expect(machine.ask(command)).toBe(ControlStatus.lastAdministrator)
    machine.given(person('bob'), adminTo('bob', 2), keyFor('bob', 9))
    expect(machine.ask(command)).toBe(ControlStatus.changed)
  })
})

test('the same commands give the same bytes, and a snapshot has all of it', () => {
  const machine = new Machine().given(
    person('ada'),
    adminTo('ada', 1),
    keyFor('ada', 1),
    keyFor('ada', 2, { expires_at: '77', ip_ranges: ['2001:db8::/32'] }),
    { control: 'put_role', role: 'clerk', scopes: ['accounts:read'] },
    grantTo('ada', 2, { role: 'clerk' }),
    { control: 'revoke_key', key: numbered('key', 2) },
  )
  const again = new AccessState()
  machine.done.forEach((bytes, index) => again.fold(bytes, BigInt(index + 1)))
  expect(again.bytes()).toEqual(machine.state.bytes())
  const loaded = new AccessState()
  loaded.load(accessOfText(accessText(machine.state.save())))
  expect(loaded.bytes()).toEqual(machine.state.bytes())
  expect(loaded.hasAdministrator).toBe(true)
  expect(loaded.rightsOf('ada').list()).toEqual(machine.state.rightsOf('ada').list())
  expect(loaded.decide(encodeControl(keyFor('ada', 1)))).toBe(ControlStatus.alreadyExists)
})

test.each([
  ['another order', '{"principal":"ada","control":"create_principal","kind":"person"}'],
  ['a space', '{"control": "create_principal","principal":"ada","kind":"person"}'],
  ['a field more', '{"control":"create_principal","principal":"ada","kind":"person","x":1}'],
  ['a field less', '{"control":"create_principal","principal":"ada"}'],
  [
    'a field twice',
    '{"control":"create_principal","principal":"ada","kind":"person","kind":"person"}',
  ],
  ['an escape', '{"control":"create_principal","principal":"\\u0061da","kind":"person"}'],
  ['an upper-case name', '{"control":"create_principal","principal":"Ada","kind":"person"}'],
  ['no command', '{"control":"toString"}'],
  ['a list', '[]'],
  ['nothing', ''],
])('a statement with %s is none', (_what, text) => {
  expect(decodeControl(Buffer.from(text))).toBeUndefined()
})
