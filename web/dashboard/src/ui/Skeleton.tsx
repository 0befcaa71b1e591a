import { classes } from './classes.ts'

/** Where something will stand that is being loaded. */
export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden className={classes('block h-4 animate-pulse rounded bg-hover', className)} />
}
