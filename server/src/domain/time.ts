const FORM = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/

/** The moment that an ISO 8601 text with a zone names, or null for any other text. */
export function parseTime(text: string): Date | null {
  const ms = FORM.test(text) ? Date.parse(text) : NaN
  return ms >= 0 ? new Date(ms) : null
}
