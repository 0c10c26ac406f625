/** `tally approvals` and `tally policies`: what waits for a second person, and which actions do. */
import type { Approval, ApprovalPolicy } from '@tallystick/sdk'
import type { Command } from 'commander'

import { usageError } from '../failure.ts'
import { examples } from '../help.ts'
import { amountOf, moneyText } from '../output/money-text.ts'
import type { Output } from '../output/output.ts'
import { pairsText, tableText } from '../output/table.ts'
import type { Session } from '../session.ts'
import type { Shell } from '../shell.ts'
import { timeText } from './show.ts'
import { type AmountOptions, wholeNumber, withAmount } from './write-options.ts'

interface PolicyOptions extends AmountOptions {
  readonly above?: string
  readonly at?: readonly string[]
  readonly expires?: string
}

const STATUSES = ['awaiting_approval', 'approved', 'refused', 'expired'] as const
const ACTIONS = ['limits', 'reversals', 'rights'] as const
const EXPIRES = { min: 60, max: 2_592_000 }

export function addApprovals(program: Command, shell: Shell): void {
  addDecisions(program, shell)
  const policies = program
    .command('policies')
    .description('Have a second person approve limits, large reversals, or changes of rights.')
    .addHelpText('after', examples(POLICY_EXAMPLE, 'tally policies list'))
  withAmount(policies.command('create <name> <action>'))
    .description('From now on such actions wait: limits, reversals or rights.')
    .option('--above <amount>', 'of reversals: only what is more than this')
    .option('--at <addresses...>', 'of accounts, like partners:acme:*; default: all')
    .option('--expires <seconds>', 'how long an approval may be waited for; default: three days')
    .addHelpText('after', examples(POLICY_EXAMPLE, 'tally policies create rights-by-two rights'))
    .action(shell.action(createPolicy))
  policies
    .command('list')
    .description('List policies.')
    .action(
      shell.action(async ({ tally, output }) => {
        const found = await Array.fromAsync(tally.approvalPolicies.list())
        output.answer({ policies: found }, () => policiesText(output, found))
      }),
    )
  policies
    .command('remove <name>')
    .description('Remove a policy; this waits for a second person itself.')
    .action(
      shell.action(async ({ tally, output }, _options, name = '') => {
        const change = await tally.approvalPolicies.remove(name)
        output.answer(change, () => `${change.name} is removed.`)
      }),
    )
}

const POLICY_EXAMPLE =
  'tally policies create large-reversals reversals --above 1000.00 --asset EUR/2'

function addDecisions(program: Command, shell: Shell): void {
  const approvals = program
    .command('approvals')
    .description('Show and decide what waits for a second person.')
    .addHelpText(
      'after',
      examples('tally approvals list', 'tally approvals approve appr_01KAHWAZ9EFH0SP3HZD99DG704'),
    )
  approvals
    .command('list')
    .description('List what waits.')
    .option('--status <status>', `${STATUSES.join(', ')}, or all`, 'awaiting_approval')
    .action(
      shell.action<{ status?: string }>(async ({ tally, output }, { status = '' }) => {
        const query = status === 'all' ? {} : { status: oneOf(STATUSES, status, '--status') }
        const found = await Array.fromAsync(tally.approvals.list(query))
        output.answer({ approvals: found }, () => approvalsText(output, found))
      }),
    )
  approvals
    .command('show <id>')
    .description('Show what was asked for, by whom, and what became of it.')
    .action(
      shell.action(async ({ tally, output }, _options, id = '') => {
        const approval = await tally.approvals.get(id)
        output.answer(approval, () => approvalText(output, approval))
      }),
    )
  approvals
    .command('approve <id>')
    .description('Approve it as it is shown now, and have it done.')
    .option('--digest <hex>', 'what was looked at before; default: as it is shown now')
    .action(
      shell.action<{ digest?: string }>(async ({ tally, output }, { digest }, id = '') => {
        const shown = digest ?? (await tally.approvals.get(id)).digest
        const approval = await tally.approvals.approve(id, shown)
        output.answer(approval, () => approvalText(output, approval))
      }),
    )
  approvals
    .command('refuse <id>')
    .description('Refuse it, or take back what you asked for.')
    .action(
      shell.action(async ({ tally, output }, _options, id = '') => {
        const approval = await tally.approvals.refuse(id)
        output.answer(approval, () => approvalText(output, approval))
      }),
    )
}

async function createPolicy(
  { tally, output }: Session,
  options: PolicyOptions,
  name = '',
  action = '',
): Promise<void> {
  const { above, asset, minor = false, at, expires } = options
  if (above !== undefined && asset === undefined) {
    throw usageError('An amount needs --asset, like --asset EUR/2.')
  }
  const policy = await tally.approvalPolicies.create({
    ...{ policy: name, action: oneOf(ACTIONS, action, 'The action') },
    ...(asset === undefined ? {} : { asset }),
    ...(above === undefined || asset === undefined
      ? {}
      : { above: amountOf(above, asset, { minor }) }),
    ...(at === undefined ? {} : { addresses: at }),
    ...(expires === undefined
      ? {}
      : { expiresSeconds: wholeNumber(expires, '--expires', EXPIRES) }),
  })
  output.answer(policy, () => policiesText(output, [policy]))
}

function oneOf<const Name extends string>(
  names: readonly Name[],
  text: string,
  what: string,
): Name {
  const found = names.find((name) => name === text)
  if (found !== undefined) return found
  throw usageError(`${what} must be one of ${names.join(', ')}, not "${text}".`)
}

function approvalText(output: Output, approval: Approval): string {
  const { id, status, operation, requestedBy, digest, commands, results } = approval
  return pairsText(output, [
    ['approval', id],
    ['status', status],
    ['asked for', operation],
    ['by', requestedBy],
    ...commands.map((command) => ['', JSON.stringify(command)] as const),
    ['digest', digest],
    ['request', approval.request],
    ['until', timeText(approval.expiresAt)],
    ...(approval.decidedBy === null ? [] : [['decided by', approval.decidedBy] as const]),
    ...(approval.decidedRequest === null ? [] : [['with', approval.decidedRequest] as const]),
    ...(results === undefined ? [] : [['came to', results.join(', ')] as const]),
  ])
}

function approvalsText(output: Output, approvals: readonly Approval[]): string {
  const titles = ['id', 'asked for', 'by', 'on', 'until', 'status']
  const rows = approvals.map(({ id, operation, requestedBy, addresses, expiresAt, status }) => [
    ...[id, operation, requestedBy, addresses.join(' '), timeText(expiresAt), status],
  ])
  return tableText(
    output,
    titles.map((title) => ({ title })),
    rows,
  )
}

function policiesText(output: Output, policies: readonly ApprovalPolicy[]): string {
  const titles = ['policy', 'action', 'above', 'on', 'waits at most']
  const rows = policies.map(({ policy, action, asset, above, addresses, expiresSeconds }) => [
    ...[policy, action, asset === null ? `${above}` : moneyText(above, asset)],
    ...[addresses.join(' '), `${expiresSeconds} s`],
  ])
  return tableText(
    output,
    titles.map((title) => ({ title })),
    rows,
  )
}
