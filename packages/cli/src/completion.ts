/** Completions for bash and zsh, made from the commands themselves: subcommands, options, and files where nothing else fits. */
import type { Command } from 'commander'

interface Node {
  /** `tally account open`. */
  readonly path: string
  readonly words: readonly string[]
  readonly children: readonly string[]
}

/** Every command with the words that may follow it. */
function nodesOf(command: Command, path: string, inherited: readonly string[]): Node[] {
  const own = command.options.flatMap(({ long }) => long ?? [])
  const children = command.commands.map((child) => child.name())
  const choices = command.registeredArguments.flatMap(({ argChoices = [] }) => argChoices)
  const words = [...children, ...choices, ...own, ...inherited, '--help']
  const below = command.commands.flatMap((child) =>
    nodesOf(child, `${path} ${child.name()}`, inherited),
  )
  return [{ path, words: [...new Set(words)], children }, ...below]
}

function allNodes(program: Command): Node[] {
  const [root, ...below] = program.commands.flatMap((child, index) => {
    const global = program.options.flatMap(({ long }) => long ?? [])
    const nodes = nodesOf(
      child,
      `tally ${child.name()}`,
      global.filter((name) => name !== '--version'),
    )
    const names = program.commands.map((each) => each.name())
    return index === 0
      ? [{ path: 'tally', words: [...names, ...global, '--help'], children: names }, ...nodes]
      : nodes
  })
  return root === undefined ? [] : [root, ...below]
}

/** Lines of a `case` that goes down the tree, and of one that says what may follow. */
function caseLines(nodes: readonly Node[]): { readonly down: string; readonly words: string } {
  const down = nodes
    .flatMap(({ path, children }) => children.map((child) => `"${path} ${child}"`))
    .join('|')
  const words = nodes
    .map(({ path, words }) => `    "${path}") words="${words.join(' ')}" ;;`)
    .join('\n')
  return { down, words }
}

export function bashCompletion(program: Command): string {
  const { down, words } = caseLines(allNodes(program))
  return `# tally completion bash > /etc/bash_completion.d/tally, or: source <(tally completion bash)
_tally() {
  local current="\${COMP_WORDS[COMP_CWORD]}" at="tally" words="" word index
  for ((index = 1; index < COMP_CWORD; index++)); do
    word="\${COMP_WORDS[index]}"
    case "$at $word" in
      ${down}) at="$at $word" ;;
    esac
  done
  case "$at" in
${words}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _tally tally
`
}

export function zshCompletion(program: Command): string {
  const { down, words } = caseLines(allNodes(program))
  return `#compdef tally
# tally completion zsh > "\${fpath[1]}/_tally", or: source <(tally completion zsh)
_tally() {
  local at="tally" words_="" word index
  for ((index = 2; index < CURRENT; index++)); do
    word="\${words[index]}"
    case "$at $word" in
      ${down}) at="$at $word" ;;
    esac
  done
  case "$at" in
${words.replaceAll(' words=', ' words_=')}
  esac
  compadd -- \${=words_} || _files
}
if [ "$funcstack[1]" = "_tally" ]; then _tally; else compdef _tally tally; fi
`
}
