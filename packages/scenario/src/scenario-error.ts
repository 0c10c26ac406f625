/** What is wrong with a scenario's text, and on which line. */

export class ScenarioError extends Error {
  override readonly name = 'ScenarioError'
  readonly line: number

  constructor(line: number, message: string) {
    super(`line ${line}: ${message}`)
    this.line = line
  }
}
