import { expect, test } from 'vitest'
import { parseBody } from './parse.ts'
import type { Route } from './route.ts'
import { OPERATION_IDS, operationOfNumber, ROUTES } from './routes.ts'

const routes = OPERATION_IDS.map((id): [string, Route] => [id, ROUTES[id]])

test('numbers are u16, above 0 and given once', () => {
  const numbers = routes.map(([, { number }]) => number)
  expect(new Set(numbers).size).toBe(numbers.length)
  for (const number of numbers) expect(number > 0 && number <= 0xffff).toBe(true)
})

test('a number never changes: the journal has it', () => {
  expect(Object.fromEntries(routes.map(([id, { number }]) => [id, number]))).toMatchInlineSnapshot(`
    {
      "approveApproval": 198,
      "backtestRule": 206,
      "bindIdentity": 213,
      "captureHold": 63,
      "changeAccount": 23,
      "changeWebhook": 134,
      "checkReadModels": 122,
      "closeAccount": 24,
      "closeBooks": 90,
      "createAccount": 20,
      "createApprovalPolicy": 193,
      "createBatch": 70,
      "createCeiling": 190,
      "createGrant": 181,
      "createHold": 60,
      "createKey": 174,
      "createPrincipal": 170,
      "createTransaction": 50,
      "createTransfer": 42,
      "createWebhook": 131,
      "decrement": 41,
      "disablePrincipal": 172,
      "enablePrincipal": 173,
      "eraseSubject": 82,
      "findHolds": 62,
      "findTransactions": 52,
      "findTransfers": 44,
      "getAccount": 21,
      "getAccountProof": 115,
      "getApproval": 197,
      "getAuditReceipt": 212,
      "getBalance": 30,
      "getCheckpoint": 111,
      "getDocs": 104,
      "getEntryBundle": 113,
      "getHealth": 100,
      "getHold": 61,
      "getLog": 110,
      "getMetrics": 102,
      "getOpenapi": 103,
      "getReadModels": 120,
      "getReadiness": 101,
      "getReceipt": 114,
      "getRequest": 80,
      "getRule": 202,
      "getStatement": 32,
      "getTile": 112,
      "getTransaction": 51,
      "getTransfer": 43,
      "getWebhook": 133,
      "increment": 40,
      "limitCalls": 210,
      "listAccounts": 22,
      "listAllEntries": 154,
      "listApprovalPolicies": 194,
      "listApprovals": 196,
      "listAssets": 10,
      "listAudit": 211,
      "listCeilings": 191,
      "listDeadLetters": 139,
      "listEntries": 31,
      "listFirings": 205,
      "listGrants": 182,
      "listIdentities": 214,
      "listKeys": 175,
      "listPrincipals": 171,
      "listRequests": 81,
      "listRoles": 178,
      "listRuleVersions": 203,
      "listRules": 201,
      "listTotals": 33,
      "listTransferEvents": 46,
      "listWebhookAttempts": 138,
      "listWebhooks": 132,
      "putRole": 179,
      "putRule": 200,
      "queryAccounts": 150,
      "queryEntries": 152,
      "queryHolds": 153,
      "queryTransfers": 151,
      "rebuildReadModels": 121,
      "refuseApproval": 199,
      "registerAsset": 11,
      "removeApprovalPolicy": 195,
      "removeRole": 180,
      "removeRule": 204,
      "removeWebhook": 135,
      "reopenAccount": 25,
      "replayWebhook": 129,
      "reportAgedHolds": 143,
      "reportBalances": 140,
      "reportTopMovers": 142,
      "reportTurnover": 141,
      "reverseTransaction": 53,
      "reverseTransfer": 45,
      "revokeCeiling": 192,
      "revokeGrant": 183,
      "revokeKey": 177,
      "rotateKey": 176,
      "rotateWebhook": 136,
      "streamEvents": 130,
      "testWebhook": 137,
      "voidHold": 64,
      "whoami": 184,
    }
  `)
})

test('an operation is found by its number', () => {
  for (const id of OPERATION_IDS) expect(operationOfNumber(ROUTES[id].number)).toBe(id)
  expect(operationOfNumber(0)).toBeUndefined()
})

test('method and path together are there once', () => {
  const places = routes.map(([, { method, path }]) => `${method} ${path}`)
  expect(new Set(places).size).toBe(places.length)
})

test.each(routes)('%s has a parameter for every name in its path', (_, route) => {
  const names = [...route.path.matchAll(/\{\+?(\w+)\}/g)].map((match) => match[1])
  expect(Object.keys(route.params?.properties ?? {})).toEqual(names)
})

test.each(routes)(
  '%s writes if and only if it takes an idempotency key and a dry run',
  (_, route) => {
    expect('idempotency-key' in (route.headers?.properties ?? {})).toBe(route.writes)
    expect('dry_run' in (route.query?.properties ?? {})).toBe(route.writes)
    expect(route.answers[202] !== undefined).toBe(route.writes)
  },
)

test.each(OPERATION_IDS)('the example of %s is taken', (id) => {
  const route: Route = ROUTES[id]
  if (route.example === undefined) return
  expect(parseBody(id, route.example.body).refusal).toBeUndefined()
})
