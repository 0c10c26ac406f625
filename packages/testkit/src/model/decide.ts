/** One command, one outcome: which operation is decided where. */
import { type Command, Operation } from '@tallystick/ledger'
import { createAccount } from './create-account.ts'
import { createTransfer } from './create-transfer.ts'
import type { Outcome } from './outcome.ts'
import {
  attest,
  changeLimit,
  changeMetadata,
  closeAccount,
  closeBooks,
  control,
  registerAsset,
  reopenAccount,
  rule,
} from './settings.ts'
import type { Event, State } from './state.ts'

export function decide(state: State, command: Command, event: Event): Outcome {
  switch (command.operation) {
    case Operation.createTransfer:
      return createTransfer(state, command, event)
    case Operation.createAccount:
      return createAccount(state, command, event)
    case Operation.changeLimit:
      return changeLimit(state, command)
    case Operation.changeMetadata:
      return changeMetadata(state, command)
    case Operation.closeAccount:
      return closeAccount(state, command)
    case Operation.reopenAccount:
      return reopenAccount(state, command)
    case Operation.registerAsset:
      return registerAsset(state, command)
    case Operation.closeBooks:
      return closeBooks(state, command)
    case Operation.attest:
      return attest(command)
    case Operation.control:
      return control(state, command, event)
    case Operation.rule:
      return rule(state, command, event)
  }
}

/** The id that an event is known by; an asset and a statement have none. */
export const idOf = (command: Command): bigint => ('id' in command ? command.id : 0n)
