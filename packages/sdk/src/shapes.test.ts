import type * as Wire from '@tallystick/contract'
import { expectTypeOf, test } from 'vitest'
import type { ProblemCode } from './problem-code.ts'
import type * as Access from './shapes/access.ts'
import type * as Account from './shapes/account.ts'
import type * as Administration from './shapes/administration.ts'
import type * as Batch from './shapes/batch.ts'
import type * as Event from './shapes/event.ts'
import type { ProofLog } from './shapes/log.ts'
import type * as Movement from './shapes/movement.ts'
import type * as Rules from './shapes/rule.ts'
import type * as Hook from './shapes/webhook.ts'
import type * as Report from './shapes/report.ts'
import type { Moment } from './shapes/values.ts'

/*
 * The shapes are written by hand so that editors show them with their comments and the package needs no types of another.
 * These types do what `wire.ts` does, and the tests hold the one to the other: a change of the contract does not compile
 * until the shapes follow.
 */

type Camel<Name> = Name extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<Camel<Tail>>}`
  : Name

type Whole =
  | 'accounts'
  | 'amount'
  | 'available'
  | 'balance'
  | 'captured'
  | 'credits'
  | 'credits_pending'
  | 'credits_posted'
  | 'debits'
  | 'debits_pending'
  | 'debits_posted'
  | 'durable_sequence'
  | 'closing'
  | 'compared_sequence'
  | 'entries'
  | 'holds'
  | 'opening'
  | 'events'
  | 'hashed'
  | 'signed'
  | 'size'
  | 'held'
  | 'limit'
  | 'limit_before'
  | 'needed'
  | 'number'
  | 'rebuilding_until'
  | 'record_count'
  | 'remaining'
  | 'requested_amount'
  | 'reversed'
  | 'reversed_amount'
  | 'sequence'
  | 'subtree_limit'
  | 'subtree_limit_before'
  | 'total'
  | 'above'
  | 'used'
  | 'position'
  | 'waiting'
  | 'dead'
  | 'replayed'
  | 'threshold'
  | 'rearm'
  | 'amount_from'
  | 'measured'
  | 'firings'
  | 'suppressed'
  | 'forgotten'
  | 'hold_sequence'

type Moments = 'effective_at' | 'at' | 'from' | 'to' | 'closed_until' | 'expires_at'

type Output<Value> = Value extends readonly (infer Item)[]
  ? Output<Item>[]
  : Value extends object
    ? { [Name in keyof Value as Camel<Name>]: OutputField<Name, Value[Name]> }
    : Value
type OutputField<Name, Value> = Name extends 'metadata' | 'private' | 'body'
  ? Value
  : Value extends string
    ? Name extends Whole
      ? bigint
      : Value
    : Output<Value>

type Input<Value> = Value extends readonly (infer Item)[]
  ? Input<Item>[]
  : Value extends object
    ? { [Name in keyof Value as Camel<Name>]: InputField<Name, Value[Name]> }
    : Value
type InputField<Name, Value> = Name extends 'metadata' | 'private'
  ? Value
  : Value extends string
    ? Name extends Whole
      ? bigint
      : Name extends Moments
        ? Moment
        : Value
    : Input<Value>

/** Without `readonly`, which the contract does not say. */
type Plain<Value> = Value extends Date
  ? Value
  : Value extends readonly (infer Item)[]
    ? Plain<Item>[]
    : Value extends object
      ? { -readonly [Name in keyof Value]: Plain<Value[Name]> }
      : Value

type Out<Value> = Plain<Output<Value>>
type In<Value> = Plain<Input<Value>>

test('answers have the shapes of the contract', () => {
  expectTypeOf<Plain<Account.Account>>().toEqualTypeOf<Out<Wire.Account>>()
  expectTypeOf<Plain<Account.Balance>>().toEqualTypeOf<Out<Wire.BalanceAt>>()
  expectTypeOf<Plain<Account.Entry>>().toEqualTypeOf<Out<Wire.Entry>>()
  expectTypeOf<Plain<Account.Statement>>().toEqualTypeOf<Out<Wire.Statement>>()
  expectTypeOf<Plain<Account.Totals>>().toEqualTypeOf<Out<Wire.Totals>>()
  expectTypeOf<Plain<Movement.Transfer>>().toEqualTypeOf<Out<Wire.Transfer>>()
  expectTypeOf<Plain<Movement.Transaction>>().toEqualTypeOf<Out<Wire.Transaction>>()
  expectTypeOf<Plain<Movement.Hold>>().toEqualTypeOf<Out<Wire.Hold>>()
  expectTypeOf<Plain<Batch.Batch>>().toEqualTypeOf<Out<Wire.Batch>>()
  expectTypeOf<Plain<Administration.Asset>>().toEqualTypeOf<Out<Wire.Asset>>()
  expectTypeOf<Plain<Administration.Books>>().toEqualTypeOf<Out<Wire.Books>>()
  expectTypeOf<Plain<Administration.SavedRequest>>().toEqualTypeOf<Out<Wire.SavedRequest>>()
  expectTypeOf<Plain<Administration.RequestSummary>>().toEqualTypeOf<Out<Wire.RequestSummary>>()
  expectTypeOf<Plain<Movement.LaterEvent>>().toEqualTypeOf<Out<Wire.LaterEvent>>()
  expectTypeOf<Plain<Administration.ErasedSubject>>().toEqualTypeOf<Out<Wire.ErasedSubject>>()
  expectTypeOf<Plain<Report.BalancesReport>>().toEqualTypeOf<Out<Wire.BalancesReport>>()
  expectTypeOf<Plain<Report.TurnoverReport>>().toEqualTypeOf<Out<Wire.TurnoverReport>>()
  expectTypeOf<Plain<Report.TopMoversReport>>().toEqualTypeOf<Out<Wire.MoversReport>>()
  expectTypeOf<Plain<Report.AgedHoldsReport>>().toEqualTypeOf<Out<Wire.AgedHoldsReport>>()
  expectTypeOf<Plain<Administration.ReadModels>>().toEqualTypeOf<Out<Wire.ReadModels>>()
  expectTypeOf<Plain<Administration.Readiness>>().toEqualTypeOf<Out<Wire.Readiness>>()
  expectTypeOf<Plain<Access.Principal>>().toEqualTypeOf<Out<Wire.Principal>>()
  expectTypeOf<Plain<Access.Key>>().toEqualTypeOf<Out<Wire.Key>>()
  expectTypeOf<Plain<Access.Role>>().toEqualTypeOf<Out<Wire.Role>>()
  expectTypeOf<Plain<Access.Approval>>().toEqualTypeOf<Out<Wire.Approval>>()
  expectTypeOf<Plain<Access.ApprovalPolicy>>().toEqualTypeOf<Out<Wire.ApprovalPolicy>>()
  expectTypeOf<Plain<Access.Ceiling>>().toEqualTypeOf<Out<Wire.Ceiling>>()
  expectTypeOf<Plain<Access.Grant>>().toEqualTypeOf<Out<Wire.Grant>>()
  expectTypeOf<Plain<Access.AccessChange>>().toEqualTypeOf<Out<Wire.AccessChange>>()
  expectTypeOf<Plain<Access.Whoami>>().toEqualTypeOf<Out<Wire.Whoami>>()
  expectTypeOf<Plain<Event.LedgerEvent>>().toEqualTypeOf<Out<Wire.LedgerEvent>>()
  expectTypeOf<Plain<Hook.Webhook>>().toEqualTypeOf<Out<Wire.Webhook>>()
  expectTypeOf<Plain<Hook.WebhookAttempt>>().toEqualTypeOf<Out<Wire.WebhookAttempt>>()
  expectTypeOf<Plain<Hook.DeadLetter>>().toEqualTypeOf<Out<Wire.DeadLetter>>()
  expectTypeOf<Plain<Hook.WebhookReplay>>().toEqualTypeOf<Out<Wire.WebhookReplay>>()
  expectTypeOf<Plain<Hook.RemovedWebhook>>().toEqualTypeOf<Out<Wire.RemovedWebhook>>()
  expectTypeOf<Plain<Rules.Rule>>().toEqualTypeOf<Out<Wire.Rule>>()
  expectTypeOf<Plain<Rules.RemovedRule>>().toEqualTypeOf<Out<Wire.RemovedRule>>()
  expectTypeOf<Plain<Rules.Firing>>().toEqualTypeOf<Out<Wire.Firing>>()
  expectTypeOf<Plain<Rules.Backtest>>().toEqualTypeOf<Out<Wire.Backtest>>()
  expectTypeOf<Plain<ProofLog>>().toEqualTypeOf<Out<Wire.ProofLog>>()
})

test('what is asked has the shapes of the contract', () => {
  expectTypeOf<Plain<Account.CreateAccount>>().toEqualTypeOf<In<Wire.CreateAccount>>()
  expectTypeOf<Plain<Account.ChangeAccount>>().toEqualTypeOf<In<Wire.ChangeAccount>>()
  expectTypeOf<Plain<Account.BalanceQuery>>().toEqualTypeOf<In<Wire.BalanceQuery>>()
  expectTypeOf<Plain<Account.AccountsQuery>>().toEqualTypeOf<In<Wire.AccountsQuery>>()
  expectTypeOf<Plain<Account.EntriesQuery>>().toEqualTypeOf<In<Wire.EntriesQuery>>()
  expectTypeOf<Plain<Account.StatementQuery>>().toEqualTypeOf<
    Omit<In<Wire.StatementQuery>, 'format' | 'proved'>
  >()
  expectTypeOf<Plain<Account.ProofQuery>>().toEqualTypeOf<In<Wire.AccountProofQuery>>()
  expectTypeOf<Plain<Administration.RequestsQuery>>().toEqualTypeOf<In<Wire.RequestsQuery>>()
  expectTypeOf<Plain<Account.TotalsQuery>>().toEqualTypeOf<In<Wire.TotalsQuery>>()
  expectTypeOf<Plain<Movement.CreateTransfer>>().toEqualTypeOf<In<Wire.CreateTransfer>>()
  expectTypeOf<Plain<Movement.ChangeBalance>>().toEqualTypeOf<In<Wire.ChangeBalance>>()
  expectTypeOf<Plain<Movement.ReverseTransfer>>().toEqualTypeOf<In<Wire.ReverseTransfer>>()
  expectTypeOf<Plain<Movement.CreateTransaction>>().toEqualTypeOf<In<Wire.CreateTransaction>>()
  expectTypeOf<Plain<Movement.CreateHold>>().toEqualTypeOf<In<Wire.CreateHold>>()
  expectTypeOf<Plain<Movement.CaptureHold>>().toEqualTypeOf<In<Wire.CaptureHold>>()
  expectTypeOf<Plain<Administration.RegisterAsset>>().toEqualTypeOf<In<Wire.RegisterAsset>>()
  expectTypeOf<Plain<Administration.CloseBooks>>().toEqualTypeOf<In<Wire.CloseBooks>>()
  expectTypeOf<Plain<Access.CreatePrincipal>>().toEqualTypeOf<In<Wire.CreatePrincipal>>()
  expectTypeOf<Plain<Access.CreateKey>>().toEqualTypeOf<In<Wire.CreateKey>>()
  expectTypeOf<Plain<Access.RotateKey>>().toEqualTypeOf<In<Wire.RotateKey>>()
  expectTypeOf<Plain<Access.CreateApprovalPolicy>>().toEqualTypeOf<In<Wire.CreateApprovalPolicy>>()
  expectTypeOf<Plain<Access.CreateCeiling>>().toEqualTypeOf<In<Wire.CreateCeiling>>()
  expectTypeOf<Plain<Access.CreateGrant>>().toEqualTypeOf<In<Wire.CreateGrant>>()
  expectTypeOf<Plain<Rules.PutRule>>().toEqualTypeOf<In<Wire.PutRule>>()
  expectTypeOf<Plain<Rules.BacktestQuery>>().toEqualTypeOf<In<Wire.BacktestQuery>>()
  expectTypeOf<Event.EventType>().toEqualTypeOf<Wire.EventType>()
  expectTypeOf<Plain<Hook.CreateWebhook>>().toEqualTypeOf<In<Wire.CreateWebhook>>()
  expectTypeOf<Plain<Hook.ChangeWebhook>>().toEqualTypeOf<In<Wire.ChangeWebhook>>()
  expectTypeOf<Plain<Batch.BatchCommand>>().toEqualTypeOf<In<Wire.BatchCommand>>()
})

test('the list of codes is the contract’s', () => {
  expectTypeOf<ProblemCode>().toEqualTypeOf<Wire.ProblemCode>()
})
