/** One line of the table: what was measured, what the floor under the same load in the same run was, and what is aimed at. */
export type Row = {
  section: string
  measure: string
  unit: string
  value: number
  /** The same work without Bitstream; null where there is no such thing. */
  floor: number | null
  /** How `value` stands to `floor`, the median of the ratios of all rounds. */
  ratio: number | null
  aim: Aim | null
}

/** A bound of `value`, or of `ratio`. */
export type Aim = { of: 'value' | 'ratio'; atLeast: number } | { of: 'value' | 'ratio'; below: number }

/** What all figures of a run depend on. */
export type Machine = { cores: number; cpu: string; node: string; postgres: string; load1: number }

/** Whether a row meets its aim; null without one. */
export function isMet({ aim, value, ratio }: Row): boolean | null {
  if (aim === null) return null
  const found = aim.of === 'value' ? value : ratio
  if (found === null) return false
  return 'atLeast' in aim ? found >= aim.atLeast : found < aim.below
}

/** The rows as aligned text, under a line about the machine. */
export function formatReport(machine: Machine, rows: readonly Row[]): string {
  const cells = [
    ['', 'measure', 'unit', 'Bitstream', 'floor', 'ratio', 'aim', ''],
    ...rows.map(row => [
      row.section,
      row.measure,
      row.unit,
      formatNumber(row.value),
      row.floor === null ? '' : formatNumber(row.floor),
      row.ratio === null ? '' : row.ratio.toFixed(2),
      formatAim(row.aim),
      row.aim === null ? '' : isMet(row) ? 'met' : 'missed',
    ]),
  ]
  const widths = (cells[0] ?? []).map((_, column) => Math.max(...cells.map(line => line[column]?.length ?? 0)))
  const isNumber = (column: number) => column >= 3 && column <= 5
  const lines = cells.map(line =>
    line
      .map((cell, column) => (isNumber(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  )
  const { cores, cpu, node, postgres, load1 } = machine
  const facts = `${cores} cores (${cpu}), Node ${node}, PostgreSQL ${postgres}, load average before the run ${load1.toFixed(1)}`
  return `${[facts, '', ...lines].join('\n')}\n`
}

function formatAim(aim: Aim | null): string {
  if (aim === null) return ''
  const what = aim.of === 'ratio' ? 'ratio ' : ''
  return 'atLeast' in aim ? `${what}≥ ${formatNumber(aim.atLeast)}` : `${what}< ${formatNumber(aim.below)}`
}

function formatNumber(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)
}
