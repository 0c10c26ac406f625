/** How far the read models are, and making them again. */
import { DatabaseRefused, DatabaseUnavailable } from '@tallystick/postgres'
import type { Checked, ReadModels } from '@tallystick/read-models'

import { AGREEMENT_JOB } from '../checking.ts'
import { Refused } from '../http/refused.ts'
import type { Service } from '../service.ts'
import type { Handler } from '../write/handler.ts'

export const getReadModels: Handler = (exchange) => {
  exchange.answerJson(200, stateText(exchange.service))
}

export const rebuildReadModels: Handler = (exchange) => {
  const { service } = exchange
  const models = readModelsOf(service)
  const rebuild = async (): Promise<void> => {
    await asked(() => models.rebuild())
    const principal = exchange.principal?.name ?? ''
    service.log.info('the read models are made again', { principal })
    exchange.answerJson(200, stateText(service))
  }
  rebuild().catch((error: unknown) => exchange.fail(error))
}

export const checkReadModels: Handler = (exchange) => {
  const { service } = exchange
  readModelsOf(service)
  const check = async (): Promise<void> => {
    await asked(async () => service.checking?.jobs.ask(AGREEMENT_JOB))
    exchange.answerJson(200, stateText(service))
  }
  check().catch((error: unknown) => exchange.fail(error))
}

/** @throws Refused when there are none. */
export function readModelsOf({ readModels }: Service): ReadModels {
  if (readModels !== undefined) return readModels
  throw unavailable('This server runs without PostgreSQL.')
}

/** What PostgreSQL cannot answer now is a 503 that says so. */
export async function asked<Result>(ask: () => Promise<Result>): Promise<Result> {
  try {
    return await ask()
  } catch (error) {
    if (!isAbsence(error)) throw error
    throw unavailable(error.message)
  }
}

function isAbsence(error: unknown): error is Error {
  return error instanceof DatabaseUnavailable || error instanceof DatabaseRefused
}

function unavailable(detail: string): Refused {
  return new Refused({ code: 'read_models_unavailable', detail })
}

function stateText({ readModels, database, ledger, checking }: Service): string {
  const state = readModels?.state
  const isThere = database?.state.status === 'ready' && state !== undefined
  const isKnown = isThere && state.status !== 'unknown'
  const status = isKnown ? state.status : 'unavailable'
  return JSON.stringify({
    ...{ object: 'read_models', status },
    sequence: `${state?.sequence ?? 0}`,
    durable_sequence: `${ledger.durableSequence}`,
    rebuilding_until: status === 'rebuilding' ? `${state?.rebuildingUntil ?? 0}` : null,
    agreement: agreementOf(checking?.agreement.last),
    detail: isKnown ? null : detailOf(database?.state),
  })
}

function agreementOf(checked: Checked | undefined): object | null {
  if (checked === undefined) return null
  const { at, sequence, differences } = checked
  return { checked_at: at.toISOString(), compared_sequence: `${sequence}`, differences }
}

function detailOf(state: { readonly status: string; readonly detail: string } | undefined): string {
  if (state === undefined) return 'This server runs without PostgreSQL.'
  if (state.status === 'down' || state.status === 'refused') return state.detail
  return 'It is starting.'
}
