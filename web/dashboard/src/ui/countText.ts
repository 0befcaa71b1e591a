const whole = new Intl.NumberFormat()

/** A count as people read it: 9785 is 9,785. */
export function countText(count: number | bigint): string {
  return whole.format(count)
}
