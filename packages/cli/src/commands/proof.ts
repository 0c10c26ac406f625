/** `tally proof`: what an account was and all that happened to it, as a file that its holder can check without this server. */
import { writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import { accountText, verifyAccountProof } from '@tallystick/verify'
import { ExitCode } from '../exit-code.ts'
import { examples } from '../help.ts'
import type { Shell } from '../shell.ts'
import { logPolicy, type PolicyOptions, withPolicy } from './log-policy.ts'
import { periodOf, type PeriodOptions, withPeriod } from './statement.ts'

interface ProofOptions extends PolicyOptions, PeriodOptions {
  readonly out?: string
}

export function addProof(program: Command, shell: Shell): void {
  withPolicy(withPeriod(program.command('proof <address>')))
    .description('Get the proof of an account’s balance and of all its entries, and verify it.')
    .option('--out <file>', 'write it there, and show what was verified')
    .addHelpText(
      'after',
      `${examples(
        'tally proof users:1042:wallet --month 2026-11 --out november.json',
        'tally proof users:1042:wallet > wallet.json',
      )}\n\nOf an address that no account has it proves that. Without --log-key, the keys count that this client has seen the log with. Ends with code 6 when it proves nothing. Its holder checks it with tally-verify account.`,
    )
    .action(
      shell.action<ProofOptions>(async (session, { out, ...given }, address = '') => {
        const { output, tally } = session
        const proof = await tally.accounts.proof(address, periodOf(given))
        const report = await verifyAccountProof(proof, await logPolicy(session, given))
        const path = out === undefined ? undefined : session.path(out)
        if (path !== undefined) writeFileSync(path, proof)
        const { proved, checks } = report
        if (output.json) {
          const text = path === undefined ? { proof } : { file: path }
          output.jsonLine({ object: 'account_proof', account: address, proved, checks, ...text })
        } else if (path === undefined) output.raw(proof)
        else output.raw(accountText(report))
        if (proved) return ExitCode.ok
        if (path === undefined && !output.json) output.note(accountText(report))
        return ExitCode.notProved
      }),
    )
}
