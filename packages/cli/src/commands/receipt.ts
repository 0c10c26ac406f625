/** `tally receipt`: the proof that a transfer happened, as a file that its holder can check without this server. */
import { writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import { receiptText, verifyReceipt } from '@tallystick/verify'
import { ExitCode } from '../exit-code.ts'
import { examples } from '../help.ts'
import type { Shell } from '../shell.ts'
import { logPolicy, type PolicyOptions, withPolicy } from './log-policy.ts'

interface ReceiptOptions extends PolicyOptions {
  readonly out?: string
}

export function addReceipt(program: Command, shell: Shell): void {
  withPolicy(program.command('receipt <transfer>'))
    .description('Get the receipt of a transfer, a C2SP tlog-proof, and verify it.')
    .option('--out <file>', 'write it there, and show what was verified')
    .addHelpText(
      'after',
      `${examples(
        'tally receipt 01a1fd1e-5c9b-7f49-b52f-53eee575be2b --out payment.tlog-proof',
        'tally receipt 01a1fd1e-5c9b-7f49-b52f-53eee575be2b > payment.tlog-proof',
      )}\n\nWaits for the checkpoint that covers the transfer, about a second. Without --log-key, the keys count that this client has seen the log with. Ends with code 6 when the receipt proves nothing. Its holder checks it with tally-verify receipt.`,
    )
    .action(
      shell.action<ReceiptOptions>(async (session, { out, ...given }, id = '') => {
        const { output, tally } = session
        const receipt = await tally.transfers.receipt(id)
        const report = await verifyReceipt(receipt, await logPolicy(session, given))
        const path = out === undefined ? undefined : session.path(out)
        if (path !== undefined) writeFileSync(path, receipt)
        const { proved, checks } = report
        if (output.json) {
          const text = path === undefined ? { receipt } : { file: path }
          output.jsonLine({ object: 'receipt', transfer: id, proved, checks, ...text })
        } else if (path === undefined) output.raw(receipt)
        else output.raw(receiptText(report))
        if (proved) return ExitCode.ok
        if (path === undefined && !output.json) output.note(receiptText(report))
        return ExitCode.notProved
      }),
    )
}
