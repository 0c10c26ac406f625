/** `tally webhooks`: where events are sent, what became of them, and what is to be tried again. */
import type { ChangeWebhook, CreateWebhook, Webhook, WebhookAttempt } from '@tallystick/sdk'
import type { Command } from 'commander'
import { ExitCode } from '../exit-code.ts'
import { usageError } from '../failure.ts'
import { examples } from '../help.ts'
import type { Output } from '../output/output.ts'
import { printable } from '../output/printable.ts'
import { pairsText, tableText } from '../output/table.ts'
import type { Session } from '../session.ts'
import type { Shell } from '../shell.ts'
import { timeText } from './show.ts'

const ID = '019aa3c5-7d2e-7c41-9b0e-3f6a52d81c07'
const CREATE =
  'tally webhooks create https://shop.example/hooks/ledger --type transfer.* --prefix users:1042'

interface CreateOptions {
  readonly type?: readonly string[]
  readonly account?: readonly string[]
  readonly prefix?: string
  readonly asset?: string
  readonly since?: string
  readonly description?: string
}

interface UpdateOptions {
  readonly to?: string
  readonly description?: string
  readonly on?: boolean
  readonly off?: boolean
}

type Act = (session: Session, id: string) => Promise<ExitCode | void>

export function addWebhooks(program: Command, shell: Shell): void {
  const webhooks = program
    .command('webhooks')
    .description('Send events to URLs, signed, and see what became of them.')
    .addHelpText('after', examples(CREATE, 'tally webhooks list'))
  addMaking(webhooks, shell)
  const add = (name: string, about: string, act: Act): Command =>
    webhooks
      .command(`${name} <id>`)
      .description(about)
      .addHelpText('after', examples(`tally webhooks ${name} ${ID}`))
      .action(shell.action((session, _options, id = '') => act(session, id)))
  add('show', 'Show a webhook: how far it has come, and what waits.', show)
  add('test', 'Send a test event now, and say what came of it.', test)
  add('attempts', 'Show the newest 100 tries.', attempts)
  add('dead-letters', 'Show what was given up after three days.', deadLetters)
  add('replay', 'Try all dead letters again, as if they were new.', replay)
  add('delete', 'Remove a webhook, with all that waits for it.', remove)
}

function addMaking(webhooks: Command, shell: Shell): void {
  webhooks
    .command('list')
    .description('List your webhooks; with the right on all addresses everybody’s.')
    .addHelpText(
      'after',
      examples('tally webhooks list', 'tally webhooks list --json | jq .webhooks[].url'),
    )
    .action(shell.action(list))
  webhooks
    .command('create <url>')
    .description('Send events to a URL. The secret that verifies them is shown once.')
    .option('--type <types...>', 'like transfer.* hold.*; default: all but command.refused')
    .option('--account <addresses...>', 'on whichever side')
    .option('--prefix <prefix>', 'accounts under these leading segments')
    .option('--asset <asset>', 'like EUR/2')
    .option('--since <id>', 'begin behind this event; 0: with the first one of the ledger')
    .option('--description <text>', 'for people')
    .addHelpText('after', examples(CREATE))
    .action(shell.action<CreateOptions>(create))
  webhooks
    .command('update <id>')
    .description('Change where it sends to, or switch it off and on again where it was.')
    .option('--to <url>', 'the new URL')
    .option('--description <text>', 'for people')
    .option('--on', 'switch it on')
    .option('--off', 'switch it off')
    .addHelpText('after', examples(`tally webhooks update ${ID} --off`))
    .action(shell.action<UpdateOptions>(update))
  webhooks
    .command('rotate-secret <id>')
    .description('Give it a new secret, shown once. For a while deliveries are signed with both.')
    .option('--overlap <seconds>', 'how long the old one signs, too; default: a day')
    .addHelpText('after', examples(`tally webhooks rotate-secret ${ID} --overlap 3600`))
    .action(
      shell.action<{ overlap?: string }>(async ({ tally, output }, { overlap }, id = '') => {
        const seconds = overlap === undefined ? undefined : secondsOf(overlap)
        answer(output, await tally.webhooks.rotate(id, seconds))
      }),
    )
}

async function list({ tally, output }: Session): Promise<void> {
  const found = await tally.webhooks.list()
  const columns = ['id', 'url', 'status', 'waiting', 'dead', 'by'].map((title) => ({ title }))
  output.answer({ webhooks: found }, () =>
    tableText(
      output,
      columns,
      found.map(({ id, url, status, waiting, dead, createdBy }) => [
        ...[id, printable(url), status, `${waiting}`, `${dead}`, createdBy],
      ]),
    ),
  )
}

async function create(
  { tally, output }: Session,
  { type, account, since, ...rest }: CreateOptions,
  url = '',
): Promise<void> {
  const webhook: CreateWebhook = {
    ...{ url, ...rest },
    ...(type === undefined ? {} : { types: type }),
    ...(account === undefined ? {} : { accounts: account }),
    ...(since === undefined ? {} : { after: since }),
  }
  answer(output, await tally.webhooks.create(webhook))
}

async function update(
  { tally, output }: Session,
  { to, description, on, off }: UpdateOptions,
  id = '',
): Promise<void> {
  if (on === true && off === true) throw usageError('Give --on or --off, not both.')
  const change: ChangeWebhook = {
    ...(to === undefined ? {} : { url: to }),
    ...(description === undefined ? {} : { description }),
    ...(on === true ? { status: 'active' } : {}),
    ...(off === true ? { status: 'disabled' } : {}),
  }
  if (Object.keys(change).length === 0) {
    throw usageError('Say what to change: --to, --description, --on or --off.')
  }
  answer(output, await tally.webhooks.change(id, change))
}

async function show({ tally, output }: Session, id: string): Promise<void> {
  answer(output, await tally.webhooks.get(id))
}

/** A receiver that did not take it is a failed command. */
async function test({ tally, output }: Session, id: string): Promise<ExitCode> {
  const attempt = await tally.webhooks.test(id)
  output.answer(attempt, () => attemptsText(output, [attempt]))
  return attempt.detail === null ? ExitCode.ok : ExitCode.refused
}

async function attempts({ tally, output }: Session, id: string): Promise<void> {
  const found = await tally.webhooks.attempts(id)
  output.answer({ attempts: found }, () => attemptsText(output, found))
}

async function deadLetters({ tally, output }: Session, id: string): Promise<void> {
  const found = await tally.webhooks.deadLetters(id)
  const columns = [{ title: 'event' }, { title: 'tries', right: true }]
  const rows = found.map(({ eventId, tries }) => [eventId, `${tries}`])
  output.answer({ dead_letters: found }, () => tableText(output, columns, rows))
}

async function replay({ tally, output }: Session, id: string): Promise<void> {
  const begun = await tally.webhooks.replay(id)
  output.answer(begun, () => `${begun.replayed} are tried again.`)
}

async function remove({ tally, output }: Session, id: string): Promise<void> {
  const removed = await tally.webhooks.remove(id)
  output.answer(removed, () => `${removed.id} is removed.`)
}

function secondsOf(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text)
  throw usageError(`--overlap is ${text}: give whole seconds.`)
}

function answer(output: Output, webhook: Webhook): void {
  output.answer(webhook, () => webhookText(output, webhook))
}

function webhookText(output: Output, webhook: Webhook): string {
  const { id, url, description, status, reason, secret } = webhook
  const { types, accounts, prefix, asset, position, waiting, dead } = webhook
  const pairs: (readonly [string, string | undefined])[] = [
    ['id', id],
    ['url', printable(url)],
    ['secret', secret === undefined ? undefined : output.style('bold', secret)],
    ['description', description === '' ? undefined : printable(description)],
    ['status', reason === null ? status : `${status}: ${printable(reason)}`],
    ['types', types?.join(' ')],
    ['accounts', accounts?.join(' ')],
    ['prefix', prefix],
    ['asset', asset],
    ['position', `${position}`],
    ['waiting', `${waiting}`],
    ['dead', `${dead}`],
    ['made', `${timeText(webhook.createdAt)} by ${webhook.createdBy}`],
  ]
  const shown = pairs.flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  )
  const text = pairsText(output, shown)
  return secret === undefined
    ? text
    : `${text}\n\nThe secret is shown this once. It verifies signatures.`
}

function attemptsText(output: Output, found: readonly WebhookAttempt[]): string {
  const columns = ['at', 'event', 'status', 'ms', ''].map((title) => ({ title }))
  const rows = found.map(({ at, eventId, status, tookMs, detail }) => [
    ...[timeText(at), eventId, `${status ?? 'none'}`, `${tookMs}`, printable(detail ?? 'taken')],
  ])
  return tableText(output, columns, rows)
}
