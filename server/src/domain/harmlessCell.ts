/**
 * A cell's text as no spreadsheet takes it for a formula: what begins with `=`, `+`, `-` or `@`, narrow or wide, a tab or a line break
 * gets an apostrophe before it (OWASP, CSV Injection).
 */
export function harmlessCell(text: string): string {
  return /^[=+\-@＝＋－＠\t\r\n]/.test(text) ? `'${text}` : text
}
