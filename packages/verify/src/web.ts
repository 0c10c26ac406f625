/** The verifier in one file, for pages and for whoever wants to read all of it: everything but the command. */
export * from './index.ts'
