import { expect, test } from 'vitest'

import { EventKind } from './leaf.ts'
import { statusName } from './statuses.ts'

test.each([
  [EventKind.transfer, 0, 'created'],
  [EventKind.transfer, 32, 'debit_account_not_found'],
  [EventKind.transfer, 64, 'exceeds_subtree_limit'],
  [EventKind.transfer, 65, 'exceeds_ceiling'],
  [EventKind.transfer, 66, 'status 66'],
  [EventKind.release, 0, 'released'],
  [EventKind.account, 18, 'subtree_limit_needs_a_flag'],
  [EventKind.limit, 5, 'subtree_limit_needs_a_flag'],
  [EventKind.metadata, 4, 'account_not_found'],
  [EventKind.close, 7, 'account_closed_by_transfer'],
  [EventKind.reopen, 6, 'account_not_closed'],
  [EventKind.asset, 7, 'name_taken'],
  [EventKind.books, 5, 'asset_must_not_be_zero'],
  [40, 0, 'status 0'],
])('kind %i, status %i is %s', (kind, status, name) => expect(statusName(kind, status)).toBe(name))
