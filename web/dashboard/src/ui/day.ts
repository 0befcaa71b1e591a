/** The start of a day that was chosen, where the reader is, as the API takes it; null for none. */
export function startOfDay(day: string | undefined): string | null {
  return day ? new Date(`${day}T00:00:00`).toISOString() : null
}

/** The end of a day that was chosen, where the reader is, as the API takes it; null for none. */
export function endOfDay(day: string | undefined): string | null {
  return day ? new Date(`${day}T23:59:59.999`).toISOString() : null
}

/** From the start of one day that was chosen to the end of another, as lists of the API take it. */
export function betweenDays(from: string | undefined, to: string | undefined): { gte?: string; lte?: string } {
  const [gte, lte] = [startOfDay(from), endOfDay(to)]
  return { ...(gte !== null && { gte }), ...(lte !== null && { lte }) }
}

/** The day of a moment, where the reader is, as fields for days have it; empty for none. */
export function dayOf(moment: string | null | undefined): string {
  if (!moment) return ''
  const date = new Date(moment)
  const two = (part: number) => String(part).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}

/** The moment that a chosen day stands for: the one `before` where that is of the very day, else the one of `momentOf`; null for none. */
export function keptMoment(
  day: string | undefined,
  before: string | null | undefined,
  momentOf: (day: string) => string | null = endOfDay,
): string | null {
  if (!day) return null
  return before && dayOf(before) === day ? before : momentOf(day)
}
