export { assert, AssertionError } from './assert.ts'
export type { Brand } from './brand.ts'
