import { Compile } from 'typebox/compile'
import { expect, test } from 'vitest'
import { Account } from './accounts.ts'
import { EntryList } from './entries.ts'
import { parseBody } from './parse.ts'
import { Problem } from './problems.ts'
import type { OperationId } from './routes.ts'
import { Transfer } from './transfers.ts'

/* What a newcomer sends and gets in the first five minutes, as it was promised before there was any code; `request_id` of accounts and entries came later. */

test.each<[OperationId, string]>([
  [
    'createAccount',
    '{"address":"users:1042:wallet","asset":"EUR/2","code":100,"flags":["debits_must_not_exceed_credits"]}',
  ],
  ['createAccount', '{"address":"merchants:books","asset":"EUR/2","code":200}'],
  ['increment', '{"amount":"10000","metadata":{"why":"top-up"}}'],
  [
    'createTransfer',
    '{"debit_account":"users:1042:wallet","credit_account":"merchants:books","amount":"2500","asset":"EUR/2","code":10}',
  ],
  [
    'createTransaction',
    `{"postings":[{"source":"users:1042:wallet","destination":"merchants:books","amount":"900","asset":"EUR/2"},
      {"source":"users:1042:wallet","destination":"platform:fees","amount":"100","asset":"EUR/2"}],
      "reference":"order-18","metadata":{"cart":"c-7"}}`,
  ],
  [
    'createHold',
    '{"debit_account":"users:1042:wallet","credit_account":"merchants:books","amount":"3000","asset":"EUR/2","timeout_seconds":600}',
  ],
  ['captureHold', '{"amount":"1000","final":false}'],
  ['captureHold', '{}'],
])('%s takes %s', (id, body) => {
  expect(parseBody(id, JSON.parse(body)).refusal).toBeUndefined()
})

const ID = '019aa3c5-7d2e-7c41-9b0e-3f6a52d81c07'
const TIME = '2026-11-21T09:00:00.123456789Z'
const REQUEST = 'req_01KAHWAZ9EFH0SP3HZD99DG701'

test.each([
  [
    Account,
    `{"object":"account","address":"users:1042:wallet","id":"${ID}","asset":"EUR/2","code":100,
     "flags":["debits_must_not_exceed_credits"],"parent":null,"limit":"0","subtree_limit":null,"closed":false,
     "balances":{"debits_pending":"0","debits_posted":"0","credits_pending":"0","credits_posted":"0","balance":"0","available":"0"},
     "entries":"0","metadata":{},"created_at":"${TIME}","request_id":"${REQUEST}"}`,
  ],
  [
    Transfer,
    `{"object":"transfer","id":"${ID}","status":"created","debit_account":"world:EUR-2","credit_account":"users:1042:wallet",
     "amount":"10000","asset":"EUR/2","code":1,"kind":"posted","pending_id":null,"timeout_seconds":null,"metadata":{"why":"top-up"},
     "effective_at":"${TIME}","timestamp":"${TIME}","sequence":"3","request_id":"${REQUEST}",
     "balances":{"users:1042:wallet":{"debits_pending":"0","debits_posted":"0","credits_pending":"0","credits_posted":"10000",
     "balance":"10000","available":"10000"}}}`,
  ],
  [
    EntryList,
    `{"data":[{"object":"entry","account":"users:1042:wallet","number":"3","direction":"debit","amount":"900","balance":"6600",
        "transfer_id":"${ID}","counterparty":"merchants:books","code":1,"effective_at":"${TIME}","timestamp":"${TIME}","metadata":{},
        "request_id":"${REQUEST}"}],
       "has_more":false,"next_cursor":null}`,
  ],
  [
    Problem,
    `{"type":"/docs/errors#exceeds_credits","title":"Not enough credit","status":422,"code":"exceeds_credits","param":"amount",
     "detail":"users:1042:wallet has 7500 EUR/2 available; 999999 was asked for.","account":"users:1042:wallet",
     "needed":"999999","available":"7500","limit":"0","request_id":"${REQUEST}"}`,
  ],
])('an answer as it was promised fits its schema (%#)', (schema, answer) => {
  expect(Compile(schema).Errors(JSON.parse(answer))).toEqual([])
})
