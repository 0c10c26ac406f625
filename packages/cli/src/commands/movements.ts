/** `tally transfer|hold|capture|void|reverse`: commands that move, reserve and release money. */
import type { Command } from 'commander'
import { usageError } from '../failure.ts'
import { examples } from '../help.ts'
import { amountOf } from '../output/money-text.ts'
import type { Session } from '../session.ts'
import type { Shell } from '../shell.ts'
import { codeOf } from './account.ts'
import { holdText, transferText } from './show.ts'
import {
  type AmountOptions,
  type CallOptions,
  callOf,
  type NamingOptions,
  namingOf,
  wholeNumber,
  withAmount,
  withCall,
  withNaming,
} from './write-options.ts'

interface MoveOptions extends NamingOptions, CallOptions, AmountOptions {
  readonly code?: string
  readonly upTo?: boolean
  readonly openMissing?: boolean
}

interface HoldOptions extends MoveOptions {
  readonly timeout?: string
}

interface SettleOptions extends NamingOptions, CallOptions, AmountOptions {
  readonly keepRest?: boolean
}

export function addMovements(program: Command, shell: Shell): void {
  addTransfer(program, shell)
  addHold(program, shell)
  addCapture(program, shell)
  addVoid(program, shell)
  addReverse(program, shell)
}

function withMove(command: Command): Command {
  withAmount(command)
    .option('--code <number>', 'what kind of transfer, in your own numbering (default: 1)')
    .option('--up-to', 'the amount is the most: move what the account allows')
    .option('--open-missing', 'open accounts that do not exist yet')
  return withCall(withNaming(command))
}

function addTransfer(program: Command, shell: Shell): void {
  withMove(program.command('transfer <from> <to> <amount>'))
    .description('Move an amount from one account (its debits grow) to another (its credits grow).')
    .addHelpText(
      'after',
      examples(
        'tally transfer world users:1042:wallet 100.00',
        'tally transfer users:1042:wallet merchants:books 25.00 --reference order-17',
        'tally transfer users:1042:wallet merchants:books 2500 --minor --dry-run --json',
      ),
    )
    .action(
      shell.action<MoveOptions>(async (session, options, ...[from = '', to = '', amount = '']) => {
        const { tally, output } = session
        const body = await movement(session, options, { from, to, amount })
        const transfer = await tally.transfers.create(body, callOf(options))
        output.answer(transfer, () => transferText(output, transfer))
      }),
    )
}

function addHold(program: Command, shell: Shell): void {
  withMove(program.command('hold <from> <to> <amount>'))
    .description('Reserve an amount, to be captured or voided later.')
    .option('--timeout <seconds>', 'released by itself after that')
    .addHelpText(
      'after',
      examples('tally hold users:1042:wallet merchants:books 30.00 --timeout 600'),
    )
    .action(
      shell.action<HoldOptions>(async (session, options, ...[from = '', to = '', amount = '']) => {
        const { tally, output } = session
        const { timeout } = options
        const bounds = { min: 1, max: 0xffff_ffff }
        const hold = await tally.holds.create(
          {
            ...(await movement(session, options, { from, to, amount })),
            ...(timeout === undefined
              ? {}
              : { timeoutSeconds: wholeNumber(timeout, '--timeout', bounds) }),
          },
          callOf(options),
        )
        output.answer(hold, () => holdText(output, hold))
      }),
    )
}

async function movement(
  session: Session,
  options: MoveOptions,
  { from, to, amount }: { readonly from: string; readonly to: string; readonly amount: string },
) {
  const asset = options.asset ?? (await assetOfAccount(session, from, to))
  const { minor = false, upTo = false, openMissing = false } = options
  return {
    debitAccount: from,
    creditAccount: to,
    amount: amountOf(amount, asset, { minor }),
    asset,
    code: codeOf(options.code),
    ...(upTo ? { mode: 'up_to' as const } : {}),
    ...(openMissing ? { openMissing } : {}),
    ...namingOf(options),
  }
}

/** Both have the same asset, or the ledger refuses; `world` alone says none. */
async function assetOfAccount({ tally }: Session, from: string, to: string): Promise<string> {
  const named = from === 'world' ? to : from
  if (named === 'world') throw usageError('Give --asset: world has one account for each.')
  return (await tally.accounts.get(named)).asset
}

function addCapture(program: Command, shell: Shell): void {
  const capture = program
    .command('capture <hold> [amount]')
    .description('Take all that is held, or part of it.')
    .option('--keep-rest', 'what is not taken stays held, to be captured again')
    .option('--minor', 'the amount is in minor units')
  withCall(withNaming(capture))
    .addHelpText(
      'after',
      examples(
        'tally capture 019aa3c7-2f60-7a8b-b1d4-90e2c4f7a513',
        'tally capture 019aa3c7-2f60-7a8b-b1d4-90e2c4f7a513 10.00 --keep-rest --reference parcel-1',
      ),
    )
    .action(
      shell.action<SettleOptions>(async ({ tally, output }, options, id = '', amount) => {
        const { minor = false, keepRest = false } = options
        const asked =
          amount === undefined
            ? {}
            : { amount: amountOf(amount, (await tally.holds.get(id)).asset, { minor }) }
        const body = { ...asked, ...(keepRest ? { final: false } : {}), ...namingOf(options) }
        const hold = await tally.holds.capture(id, body, callOf(options))
        output.answer(hold, () => holdText(output, hold))
      }),
    )
}

function addVoid(program: Command, shell: Shell): void {
  withCall(withNaming(program.command('void <hold>')))
    .description('Release all that is still held.')
    .addHelpText('after', examples('tally void 019aa3c7-2f60-7a8b-b1d4-90e2c4f7a513'))
    .action(
      shell.action<SettleOptions>(async ({ tally, output }, options, id = '') => {
        const hold = await tally.holds.void(id, namingOf(options), callOf(options))
        output.answer(hold, () => holdText(output, hold))
      }),
    )
}

function addReverse(program: Command, shell: Shell): void {
  const reverse = program
    .command('reverse <transfer> [amount]')
    .description('Take a transfer back, whole or in part; never beyond its amount.')
    .option('--minor', 'the amount is in minor units')
  withCall(withNaming(reverse))
    .addHelpText(
      'after',
      examples('tally reverse 019aa3c5-7d2e-7c41-9b0e-3f6a52d81c07 5.00 --reference refund-17'),
    )
    .action(
      shell.action<SettleOptions>(async ({ tally, output }, options, id = '', amount) => {
        const { minor = false } = options
        const asked =
          amount === undefined
            ? {}
            : { amount: amountOf(amount, (await tally.transfers.get(id)).asset, { minor }) }
        const body = { ...asked, ...namingOf(options) }
        const transfer = await tally.transfers.reverse(id, body, callOf(options))
        output.answer(transfer, () => transferText(output, transfer))
      }),
    )
}
