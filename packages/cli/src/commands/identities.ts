/** `tally identities`: whose the tokens of OIDC issuers are. */
import type { Identity } from '@tallystick/sdk'
import type { Command } from 'commander'

import { examples } from '../help.ts'
import type { Output } from '../output/output.ts'
import { tableText } from '../output/table.ts'
import type { Shell } from '../shell.ts'

const BIND = 'tally identities bind https://id.example/realms/finance f1f6ba2c-86c9 ada'

export function addIdentities(program: Command, shell: Shell): void {
  const identities = program
    .command('identities')
    .description('Say whose the tokens of OIDC issuers are.')
    .addHelpText('after', examples(BIND, 'tally identities list ada'))
  identities
    .command('bind <issuer> <subject> <principal>')
    .description('Let in tokens of an issuer for one of its subjects, as a principal.')
    .addHelpText('after', examples(BIND))
    .action(
      // oxlint-disable-next-line max-params -- as the command line has them
      shell.action(async ({ tally, output }, _options, issuer = '', subject = '', name = '') => {
        const done = await tally.identities.bind({ issuer, subject, principal: name })
        output.answer(done, () => `${subject} of ${issuer} is ${name}.`)
      }),
    )
  identities
    .command('unbind <issuer> <subject>')
    .description('Refuse its tokens from now on.')
    .action(
      shell.action(async ({ tally, output }, _options, issuer = '', subject = '') => {
        const done = await tally.identities.bind({ issuer, subject, principal: null })
        output.answer(done, () => `${subject} of ${issuer} is nobody.`)
      }),
    )
  identities
    .command('list [principal]')
    .description('List identities.')
    .action(
      shell.action(async ({ tally, output }, _options, principal = '') => {
        const query = principal === '' ? {} : { principal }
        const found = await Array.fromAsync(tally.identities.list(query))
        output.answer({ identities: found }, () => identitiesText(output, found))
      }),
    )
}

function identitiesText(output: Output, found: readonly Identity[]): string {
  if (found.length === 0) return 'No identities.'
  const columns = ['issuer', 'subject', 'principal', 'id'].map((title) => ({ title }))
  const cells = found.map(({ issuer, subject, principal, id }) => [issuer, subject, principal, id])
  return tableText(output, columns, cells)
}
