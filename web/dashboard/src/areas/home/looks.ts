import type { Look } from './DayChart.tsx'

/** The colours of series, the first for what there is most of. */
export const LOOKS = [
  { fill: 'fill-accent', stroke: 'stroke-accent', dot: 'bg-accent' },
  { fill: 'fill-good', stroke: 'stroke-good', dot: 'bg-good' },
  { fill: 'fill-warn', stroke: 'stroke-warn', dot: 'bg-warn' },
  { fill: 'fill-bad', stroke: 'stroke-bad', dot: 'bg-bad' },
] as const satisfies Look[]

/** The colour of what stands behind: all the others, or the exception. */
export const FAINT: Look = { fill: 'fill-control', stroke: 'stroke-control', dot: 'bg-control' }
