/** The maker for each kind of request. */
import { BalanceReads, JsonBatches, SingleTransfers } from './json-requests.ts'
import type { RequestMaker, Seat } from './maker.ts'
import { PackedOpenings } from './packed-openings.ts'
import { PackedTransfers } from './packed-transfers.ts'

export function makeMaker(seat: Seat): RequestMaker {
  switch (seat.spec.kind) {
    case 'open':
      return new PackedOpenings(seat)
    case 'packed':
      return new PackedTransfers(seat)
    case 'json':
      return new JsonBatches(seat)
    case 'single':
      return new SingleTransfers(seat)
    case 'balance':
      return new BalanceReads(seat)
  }
}
