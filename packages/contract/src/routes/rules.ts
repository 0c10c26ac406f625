/** Routes of rules. */
import type { TSchema } from 'typebox'
import { BODY_BYTES_MAX } from '../limits.ts'
import { MediaType } from '../media-types.ts'
import {
  Backtest,
  BacktestQuery,
  FiringList,
  PutRule,
  RemovedRule,
  Rule,
  RuleList,
  RuleParams,
  RulesQuery,
  RuleVersionList,
} from '../rules.ts'
import { strict } from '../schema.ts'
import { dryRun, read, received, shows, write, wrote } from './define.ts'

const common = { resource: 'rules', lane: 'interactive' } as const
const readable = { ...common, scope: 'rules:read', reach: 'found', method: 'GET' } as const
const managed = { ...common, scope: 'rules:manage' } as const
const found = { problems: [400, 401, 403, 404, 503] } as const

const answer = <Schema extends TSchema>(schema: Schema, description: string) => ({
  description,
  content: { [MediaType.json]: schema },
})

const LOW = {
  description: 'Wallets of partners that run low',
  addresses: ['partners:*'],
  asset: 'EUR/2',
  when: { kind: 'balance', of: 'available', is: 'below', threshold: '10000', rearm: '20000' },
} as const

export const ruleRoutes = {
  putRule: write({
    ...{ ...managed, number: 200, method: 'PUT', path: '/v1/rules/{id}' },
    summary: 'Put a rule',
    description:
      'Makes it, or the next version of it, which begins anew and watches what comes from then on. It needs the right on all that it watches; `freeze` needs `holds:write` and `accounts:write` there, too.',
    example: { path: '/rules/low-wallets', body: LOW },
    params: RuleParams,
    body: PutRule,
    answers: {
      200: wrote(Rule, 'The next version.'),
      201: wrote(Rule, 'Made.'),
      202: received,
    },
    problems: [400, 401, 403, 404, 409, 413, 415, 422, 429, 503],
  }),
  listRules: read({
    ...{ ...readable, number: 201, path: '/v1/rules' },
    summary: 'List rules',
    description:
      'Those that watch nothing but what the key reaches, in the order in which they were made.',
    example: { path: '/rules' },
    query: RulesQuery,
    answers: { 200: shows(RuleList, 'Rules.') },
  }),
  getRule: read({
    ...{ ...readable, ...found, number: 202, path: '/v1/rules/{id}' },
    summary: 'Show a rule',
    description: 'Its newest version, and how often it fired.',
    example: { path: '/rules/low-wallets' },
    params: RuleParams,
    answers: { 200: shows(Rule, 'The rule.') },
  }),
  listRuleVersions: read({
    ...{ ...readable, ...found, number: 203, path: '/v1/rules/{id}/versions' },
    summary: 'Show the versions of a rule',
    description: 'The newest ten, newest first. All are in the log.',
    example: { path: '/rules/low-wallets/versions' },
    params: RuleParams,
    answers: { 200: shows(RuleVersionList, 'Versions.') },
  }),
  removeRule: write({
    ...{ ...managed, number: 204, method: 'DELETE', path: '/v1/rules/{id}' },
    summary: 'Remove a rule',
    description: 'What it did stays in the log, and what it froze stays frozen.',
    example: { path: '/rules/low-wallets' },
    params: RuleParams,
    query: strict(dryRun),
    bodyBytesMax: 0,
    answers: { 200: wrote(RemovedRule, 'Removed.'), 202: received },
    problems: [400, 401, 403, 404, 409, 413, 415, 422, 429, 503],
  }),
  listFirings: read({
    ...{ ...readable, ...found, number: 205, path: '/v1/rules/{id}/firings' },
    summary: 'Show what a rule did',
    description:
      'The newest 200 firings of all its versions, newest first. `GET /v1/events?type=rule.fired` has all.',
    example: { path: '/rules/low-wallets/firings' },
    params: RuleParams,
    answers: { 200: shows(FiringList, 'Firings.') },
  }),
  backtestRule: read({
    ...{ ...common, number: 206, method: 'POST', path: '/v1/rules/{id}/backtest' },
    ...{ scope: 'rules:read', reach: 'anywhere', lane: 'bulk', headers: strict({}) },
    summary: 'Try a rule on the past',
    description:
      'Evaluates it over the journal as it was decided, and says where it would have fired. With a body that one is tried, be there such a rule or not: nothing is put.',
    example: { path: '/rules/low-wallets/backtest?from=2026-11-01T00:00:00Z', body: LOW },
    params: RuleParams,
    query: BacktestQuery,
    body: PutRule,
    bodyOptional: true,
    bodyBytesMax: BODY_BYTES_MAX,
    answers: { 200: answer(Backtest, 'What it would have done.') },
    problems: [400, 401, 403, 404, 413, 415, 503],
  }),
} as const
