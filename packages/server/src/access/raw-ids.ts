/** Whether a request chooses the id of what it makes, which could be another's: alone, or in one of its commands. */
export function namesIds(asked: { readonly body: unknown } | undefined): boolean {
  const body = asked?.body
  if (typeof body !== 'object' || body === null) return false
  if ('id' in body) return true
  return 'commands' in body && Array.isArray(body.commands) && body.commands.some(hasId)
}

function hasId(command: unknown): boolean {
  return typeof command === 'object' && command !== null && 'id' in command
}
