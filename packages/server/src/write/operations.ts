/** Every operation that writes, by its name in the contract. */
import type { OperationId } from '@tallystick/contract'

import {
  changeAccount,
  closeAccount,
  closeBooks,
  createAccount,
  registerAsset,
  reopenAccount,
} from './accounts.ts'
import { createBatch } from './batch.ts'
import { captureHold, createHold, voidHold } from './holds.ts'
import type { WriteOperation } from './plan.ts'
import { createTransaction, reverseTransaction } from './transactions.ts'
import { createTransfer, decrement, increment, reverseTransfer } from './transfers.ts'

export const OPERATIONS: Partial<Record<OperationId, WriteOperation>> = {
  registerAsset,
  createAccount,
  changeAccount,
  closeAccount,
  reopenAccount,
  increment,
  decrement,
  createTransfer,
  reverseTransfer,
  createTransaction,
  reverseTransaction,
  createHold,
  captureHold,
  voidHold,
  createBatch,
  closeBooks,
}
