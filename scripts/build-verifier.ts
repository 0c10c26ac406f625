/**
 * Makes the verifier for browsers, one file that anybody can read: packages/verify/browser/tally-verify.js. It is committed, and
 * a test makes it again and compares.
 *
 *     node scripts/build-verifier.ts [--into DIRECTORY]
 */
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { build } from 'tsdown'

const PACKAGE = fileURLToPath(new URL('../packages/verify', import.meta.url))

const HEAD = `/*
 * Tallystick's verifier: checks receipts, checkpoints and whole logs without trusting whoever made them.
 * Made from packages/verify/src by scripts/build-verifier.ts; no line of it is from anywhere else.
 * Licensed under the Apache License, Version 2.0.
 */`

const { values } = parseArgs({ options: { into: { type: 'string' } } })

await build({
  config: false,
  cwd: PACKAGE,
  entry: { 'tally-verify': 'src/web.ts' },
  outDir: values.into === undefined ? join(PACKAGE, 'browser') : resolve(values.into),
  format: 'esm',
  platform: 'browser',
  target: 'esnext',
  banner: HEAD,
  clean: false,
  dts: false,
  fixedExtension: false,
  hash: false,
  minify: false,
  report: false,
  sourcemap: false,
  logLevel: 'warn',
})
