/** The version of the server, as its manifest has it. */
import manifest from '../package.json' with { type: 'json' }

export const VERSION: string = manifest.version
