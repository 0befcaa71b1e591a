import type { WebhookEndpoint } from '../store/webhookEndpoints.ts'

/** An endpoint as answers and events show it; `secret` only where it was just made. */
export function webhookEndpointView(endpoint: WebhookEndpoint, secret: string | null = null) {
  const { id, description, url, isDisabled, enabledEvents, createdAt, updatedAt } = endpoint
  return { id, description, url, secret, isDisabled, enabledEvents: { events: enabledEvents }, createdAt, updatedAt }
}

/** The texts of an answer that shows a new secret: the one to send, and the one to keep for replays, without it. */
export function answerWithSecret(endpoint: WebhookEndpoint, secret: string): { body: string; kept: string } {
  return {
    body: JSON.stringify(webhookEndpointView(endpoint, secret)),
    kept: JSON.stringify(webhookEndpointView(endpoint)),
  }
}
