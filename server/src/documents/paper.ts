/** A label and what it names. */
export type Fact = { label: string; value: string }

/** A column of the table; the widths of all columns are in the proportion of their shares. */
export type Column = { label: string; share: number; isAmount: boolean }

/** A cell: what it says, and what explains it in smaller type below. */
export type Cell = { text: string; details: readonly string[] }

/** A row of sums below the table. */
export type Sum = Fact & { isTotal: boolean }

/** A business paper, all text ready to be printed: who issues it to whom, what about, a table, how it adds up. */
export type Paper = {
  /** BCP 47. */
  language: string
  title: string
  number: string
  issuedAt: Date
  issuer: { name: string; lines: readonly string[]; logo: Uint8Array | null; color: string }
  stamp: { text: string; tone: 'good' | 'bad' } | null
  party: { label: string; lines: readonly string[] }
  facts: readonly Fact[]
  headline: { text: string; link: { text: string; url: string } | null }
  columns: readonly Column[]
  rows: readonly (readonly Cell[])[]
  sums: readonly Sum[]
  notes: readonly { label: string | null; text: string }[]
  pageText: (page: number, pages: number) => string
}
