import type { Runners } from './runSeeds.ts'
import type { Report, Task } from './seedProcess.ts'

const RUNS_MAX = 150

/** The fewest steps of a failing run, found by leaving out more and more of them, that still fail in the same way; in at most 150 runs. */
export async function shrink(runners: Runners, failing: Report): Promise<Report> {
  let best = failing
  let kept = keptOf(failing.task).slice(0, (failing.outcome.failure?.step ?? failing.task.count) + 1)
  let runs = 0
  for (
    let size = Math.ceil(kept.length / 2);
    size >= 1 && runs < RUNS_MAX;
    size = size === 1 ? 0 : Math.ceil(size / 2)
  ) {
    for (let start = 0; start < kept.length && runs < RUNS_MAX; ) {
      const fewer = [...kept.slice(0, start), ...kept.slice(start + size)]
      const report = await runners.run({ ...failing.task, kept: fewer })
      runs += 1
      if (kindOf(report) !== kindOf(failing)) start += size
      else {
        kept = fewer
        best = report
      }
    }
  }
  return best
}

/** What broke, without the ids, times and amounts of one run. */
function kindOf({ outcome: { failure } }: Report): string | null {
  const [message] = failure?.message.split('\n') ?? [null]
  return message?.replace(/[0-9a-f]{8}-[0-9a-f-]{27}|0x[0-9a-f]+|[0-9][0-9.:TZ-]*/g, '…') ?? null
}

function keptOf({ kept, count }: Task): readonly number[] {
  return kept ?? Array.from({ length: count }, (_, index) => index)
}
