import { classes } from '../../ui/classes.ts'

type Cell = { text: string; details: string[] }

/** A paper as the server would print it; the texts are those of the PDF. */
export type Paper = {
  language: string
  title: string
  number: string
  issuer: { name: string; lines: string[]; logo: string | null; color: string }
  party: { label: string; lines: string[] }
  facts: { label: string; value: string }[]
  headline: { text: string; link: string | null }
  columns: { label: string; share: number; isAmount: boolean }[]
  rows: Cell[][]
  sums: { label: string; value: string; isTotal: boolean }[]
  notes: { text: string }[]
}

/** Paper is white in the dark, too. */
const WHITE =
  '[--color-accent:#2f53d6] [--color-ink:#16202c] [--color-line:#e1e5ea] [--color-muted:#566273] [--color-surface:#fff]'
/** About as wide as they are printed. */
const WIDTHS = ['w-[38%]', 'w-[8%]', 'w-[22%]', 'w-[10%]', 'w-[22%]']

/** A paper on one long page, all of it in proportion to the width that it has. */
export function InvoicePaper({ paper }: { paper: Paper }) {
  const { language, title, issuer, party, facts, headline, notes } = paper
  return (
    <div className="@container">
      <div
        lang={language}
        className={classes(
          WHITE,
          'flex min-h-[141cqw] flex-col gap-[2em] border border-line bg-surface p-[3em] text-[max(2cqw,0.5rem)] leading-normal break-words text-ink',
        )}
      >
        <div className="flex justify-between gap-[2em]">
          <div className="min-w-0">
            {issuer.logo !== null && <img src={issuer.logo} alt="" className="mb-[1em] h-[4em] w-auto" />}
            <p className="text-[1.3em] font-bold">{issuer.name}</p>
            <Lines texts={issuer.lines} className="text-muted" />
          </div>
          <p className="text-[2.2em] leading-none font-bold">{title}</p>
        </div>
        <div className="grid grid-cols-2 gap-[2em]">
          <div className="min-w-0">
            <p className="text-muted">{party.label}</p>
            <Lines texts={party.lines} className="first:font-bold" />
          </div>
          <dl className="grid grid-cols-[auto_minmax(0,1fr)] content-start gap-x-[1em]">
            {facts.map(({ label, value }, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: two facts may have one name.
              <div key={index} className="contents">
                <dt className="text-muted">{label}</dt>
                <dd>
                  <bdi>{value}</bdi>
                </dd>
              </div>
            ))}
          </dl>
        </div>
        <div className="font-bold">
          <p className="text-[1.6em]">{headline.text}</p>
          {headline.link !== null && <p className="text-accent">{headline.link}</p>}
        </div>
        <Table paper={paper} />
        <Sums paper={paper} />
        <Lines texts={notes.map(({ text }) => text)} className="mb-[1em] whitespace-pre-line" />
      </div>
    </div>
  )
}

function Lines({ texts, className }: { texts: readonly string[]; className: string }) {
  return texts.map((text, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: two lines may say the same.
    <p key={index} className={className}>
      <bdi>{text}</bdi>
    </p>
  ))
}

function Table({ paper: { columns, rows } }: { paper: Paper }) {
  const side = (index: number) => (columns[index]?.isAmount ? 'text-end tabular-nums' : 'text-start')
  return (
    <table className="w-full table-fixed">
      <thead>
        <tr className="border-b border-line align-bottom text-muted">
          {columns.map(({ label }, index) => (
            <th
              key={label}
              className={classes('py-[0.5em] font-normal', index > 0 && 'ps-[0.8em]', side(index), WIDTHS[index])}
            >
              {label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, line) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines have no ids, and two may be the same.
          <tr key={line} className="border-b border-line align-top">
            {row.map(({ text, details }, index) => (
              <td key={columns[index]?.label} className={classes('py-[0.5em]', index > 0 && 'ps-[0.8em]', side(index))}>
                <bdi>{text}</bdi>
                <Lines texts={details} className="text-[0.9em] text-muted" />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Sums({ paper: { sums } }: { paper: Paper }) {
  return (
    <dl className="ms-[40%] grid grid-cols-[1fr_auto] gap-x-[2em]">
      {sums.map(({ label, value, isTotal }) => (
        <div
          key={label}
          className={classes(
            'col-span-2 grid grid-cols-subgrid py-[0.4em]',
            isTotal && 'border-t border-line font-bold',
          )}
        >
          <dt>{label}</dt>
          <dd className="text-end tabular-nums">{value}</dd>
        </div>
      ))}
    </dl>
  )
}
