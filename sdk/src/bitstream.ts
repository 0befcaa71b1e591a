// biome-ignore-all lint/performance/noBarrelFile lint/performance/noReExportAll: what the package exports is listed here.
export type { CallOptions, ClientOptions } from './client.ts'
export * from './errors.ts'
export type { List, Page } from './pages.ts'
export { Bitstream } from './resources.ts'
export type * from './types.ts'
export { type Expected, type ProvenSession, verifySession, type Wallet } from './verifySession.ts'
export { type HeadersLike, verifyWebhook, type WebhookOptions } from './verifyWebhook.ts'
export type { WebhookEvent } from './webhookEvent.ts'
