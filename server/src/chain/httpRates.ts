import type { Currency } from '../domain/currency.ts'
import { UpstreamError } from '../domain/errors.ts'
import { type HttpRates, parseUsd } from '../domain/rate.ts'
import type { RateSource, SaidOf } from './rates.ts'

const MAX_AGE_MS = 60_000
const ANSWER_MAX_BYTES = 256 * 1024
const SECONDS = /^\d{1,11}$/

/**
 * A source that is asked as `config` says. `coinIds` are the assets' names at CoinGecko, by `rateKey`, for a source that goes by
 * them. Follows no redirect; an answer that is too long, not JSON or without a price says nothing, and no error tells the URL,
 * which may hold a key.
 */
export function httpRates(
  config: HttpRates,
  coinIds: Readonly<Partial<Record<Currency, string>>>,
  send: typeof fetch = fetch,
): RateSource {
  const { name, url } = config
  const ids = config.ids ?? coinIds
  return {
    name,
    ask: async (currencies, now, signal) => {
      const wanted = currencies.flatMap(currency => {
        const id = ids[currency]
        return id === undefined ? [] : [{ currency, id }]
      })
      if (wanted.length === 0) return []
      const get = (target: string) => getJson(target, signal, send)
      if (!url.includes('{ids}')) {
        const answers = await Promise.allSettled(
          wanted.map(async each =>
            said(config, each, await get(url.replaceAll('{id}', encodeURIComponent(each.id))), now),
          ),
        )
        const failure = answers.find(answer => answer.status === 'rejected')
        const told = answers.flatMap(answer => (answer.status === 'fulfilled' ? answer.value : []))
        if (failure !== undefined && told.length === 0) throw failure.reason
        return told
      }
      const answer = await get(url.replaceAll('{ids}', wanted.map(({ id }) => encodeURIComponent(id)).join(',')))
      return wanted.flatMap(each => said(config, each, answer, now))
    },
  }
}

function said(
  { price, time }: HttpRates,
  { currency, id }: { currency: Currency; id: string },
  answer: unknown,
  now: Date,
): SaidOf {
  const usd = parseUsd(textAt(answer, price, id) ?? '')
  const at = time === null ? now : timeOf(textAt(answer, time, id))
  return usd === null || at === null ? [] : [[currency, { usd, at, maxAgeMs: MAX_AGE_MS }]]
}

function timeOf(seconds: string | null): Date | null {
  return seconds !== null && SECONDS.test(seconds) ? new Date(parseInt(seconds, 10) * 1000) : null
}

/** The text at a path of keys with dots between, `{id}` in a key being `id`; null where there is none. */
function textAt(answer: unknown, path: string, id: string): string | null {
  let at = answer
  for (const key of path.split('.')) {
    if (typeof at !== 'object' || at === null) return null
    at = Object.entries(at).find(([name]) => name === key.replaceAll('{id}', id))?.[1]
  }
  return typeof at === 'string' ? at : null
}

type ExactParse = (
  text: string,
  reviver: (key: string, value: unknown, context: { source?: string }) => unknown,
) => unknown

/** A JSON document with the text of each number in its place: as a float it would be another number. */
function parseExactly(text: string): unknown {
  return (JSON.parse as ExactParse)(text, (_key, value, { source }) => (typeof value === 'number' ? source : value))
}

async function getJson(url: string, signal: AbortSignal, send: typeof fetch): Promise<unknown> {
  let response: Response
  let text: string
  try {
    response = await send(url, { headers: { accept: 'application/json' }, redirect: 'error', signal })
    text = await readText(response)
  } catch (error) {
    throw error instanceof UpstreamError ? error : refuse('failed')
  }
  if (response.status !== 200) throw refuse(`answered with status ${response.status}`)
  try {
    return parseExactly(text)
  } catch {
    throw refuse('answered with something that is not JSON')
  }
}

async function readText(response: Response): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.length
    if (size > ANSWER_MAX_BYTES) throw refuse('answered with too much')
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}

function refuse(message: string): UpstreamError {
  return new UpstreamError(`The source ${message}.`, { retryable: true })
}
