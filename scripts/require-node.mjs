/** First step of `npm start`, `npm run check` and `npm test`: refuses to run on another Node than 26. Plain JavaScript that Node 18 understands. */
const major = Number(process.versions.node.split('.')[0])

if (major !== 26) {
  console.error(`Tallystick runs on Node 26, and this is ${process.version}.

The project brings its own Node 26 as an optional dependency (Linux x64 and arm64, macOS arm64), and npm
scripts use it. It is missing here, most likely for one of three reasons:

  - nothing is installed yet:                 run  npm ci
  - installed with --omit=optional:           run  npm ci --include=optional
  - there is no such package for ${process.platform} ${process.arch}:  install Node 26 yourself and put it first in PATH
`)
  process.exit(1)
}
