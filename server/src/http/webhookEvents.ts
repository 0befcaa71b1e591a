import { z } from '@hono/zod-openapi'
import { AppError } from '../domain/errors.ts'
import { type EnabledEvent, EVENT_TYPES, parseEnabledEvents } from '../domain/event.ts'
import { nearest } from './problems.ts'

const ENABLED_EVENTS = ['*', ...EVENT_TYPES]

/** The event types that an endpoint wants: each unknown one is a problem of its own, with the nearest that exists. */
export const webhookEvents = z
  .strictObject({
    events: z
      .array(z.string().openapi({ enum: ENABLED_EVENTS }))
      .max(200)
      .transform((events, context): EnabledEvent[] => {
        try {
          return parseEnabledEvents(events, '')
        } catch (error) {
          if (!(error instanceof AppError)) throw error
          for (const { code, message, param } of error.problems) {
            const index = param?.startsWith('[') ? Number.parseInt(param.slice(1), 10) : null
            const near = index === null ? null : nearest(events[index] ?? '', ENABLED_EVENTS)
            context.addIssue({
              code: 'custom',
              message: near === null ? message : `${message} Did you mean ${near}?`,
              params: { code },
              ...(index !== null && { path: [index] }),
            })
          }
          return z.NEVER
        }
      }),
  })
  .openapi('WebhookEvents')
