import { expect, test } from 'vitest'
import { accountId } from './account-id.ts'

test('an account’s id, of which every ledger has the same', () => {
  expect(accountId('world:EUR-2').toString(16)).toMatchInlineSnapshot(
    `"7a6be2dda8c6fad3646b38ec274e42a1"`,
  )
  expect(accountId('users:1042:wallet').toString(16)).toMatchInlineSnapshot(
    `"cbe964e94baba02c027c1b19b4971642"`,
  )
})
