/** The map of the bookings that `tally sample bank` writes: `--map bank`. `examples/bank.json` says the same; a test compares them. */

export const BANK_MAP = {
  about:
    "Bookings as `tally sample bank` writes them: amounts in CZK, seen from the account's holder. `tally import FILE --map bank`.",
  name: 'bank',
  id: ['transaction_id'],
  asset: 'CZK/2',
  account: { address: 'customers:{account_id}', code: 100 },
  counterparty: [
    { address: 'banks:{counterparty_bank}', code: 300 },
    { address: 'bank:interest', code: 210, when: { purpose: ['interest', 'overdraft_interest'] } },
    { address: 'bank:fees', code: 220, when: { purpose: 'statement_fee' } },
    { address: 'bank:cash', code: 200 },
  ],
  amount: 'amount',
  direction: { column: 'direction', credit: 'credit', debit: 'debit' },
  date: { column: 'date', format: 'yyyy-MM-dd', time_zone: 'UTC' },
  code: {
    column: 'operation',
    values: {
      cash_deposit: 11,
      cash_withdrawal: 12,
      card_withdrawal: 13,
      transfer_in: 21,
      transfer_out: 22,
    },
    default: 1,
  },
  metadata: ['transaction_id', 'operation', 'purpose', 'counterparty_bank', 'counterparty_account'],
}
