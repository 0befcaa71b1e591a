/** Filters of lists live in the URL: any names, all of them text. */
export function filters(search: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(search).map(([name, value]) => [name, String(value)]))
}
