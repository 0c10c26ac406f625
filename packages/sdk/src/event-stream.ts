/** Server-sent events as the WHATWG's HTML standard reads them, as far as the server writes them. */

export interface ServerSentEvent {
  /** '' for those without a name. */
  readonly name: string
  /** undefined: none was given with it. */
  readonly id: string | undefined
  /** '' when it has none: it only says how far the stream has come. */
  readonly data: string
}

/** Events of a body, until it ends or the signal is aborted. What is cut off in the middle is left out. */
export async function* serverSentEvents(
  body: ReadableStream<Uint8Array>,
): AsyncGenerator<ServerSentEvent, void, undefined> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let rest = ''
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      const blocks = (rest + decoder.decode(value, { stream: true })).split(/\r?\n\r?\n/)
      rest = blocks.pop() ?? ''
      for (const block of blocks) yield eventOf(block)
    }
  } finally {
    await reader.cancel().catch(() => {})
  }
}

function eventOf(block: string): ServerSentEvent {
  let name = ''
  let id: string | undefined
  const data: string[] = []
  for (const line of block.split(/\r?\n/)) {
    const [, field, value = ''] = /^(\w+): ?(.*)$/s.exec(line) ?? []
    if (field === 'data') data.push(value)
    else if (field === 'id') id = value
    else if (field === 'event') name = value
  }
  return { name, id, data: data.join('\n') }
}
