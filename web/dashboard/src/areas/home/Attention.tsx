import type { Chain } from '@bitstream/sdk'
import type { ReactNode } from 'react'
import type { GasAccount } from '../../data/gas.ts'
import { amountText } from '../../ui/amount.ts'
import { CopyText, shortened } from '../../ui/CopyText.tsx'
import { classes } from '../../ui/classes.ts'
import { countText } from '../../ui/countText.ts'
import { Notice } from '../../ui/Notice.tsx'
import { Time } from '../../ui/Time.tsx'
import type { ChainTrouble, Summary } from './summary.ts'
import { TextLink } from './TextLink.tsx'
import { chainText, coinText } from './troubleText.ts'

type Item = { key: string; content: ReactNode }
type Props = { attention: Summary['attention']; gas: readonly GasAccount[]; chains: readonly Chain[] }

const COUNTED_MAX = 100
const COIN_DECIMALS = 18

/** What somebody should look at, each with where; nothing where all is well. */
export function Attention({ attention, gas, chains }: Props) {
  const { exceptions, unmatched, endpoints } = attention
  const all: (Item | false)[] = [
    ...attention.chains.flatMap(troublesOf),
    ...gas.filter(({ isLow }) => isLow).map(account => lowGas(account, chains)),
    unmatched > 0 && {
      key: 'unmatched',
      content: (
        <>
          {`${payments(unmatched, 'counts', 'count')} for nothing and ${unmatched === 1 ? 'waits' : 'wait'} for your decision: late, twice, or in another coin. `}
          <TextLink to="/payments/unmatched?status=open">Decide</TextLink>
        </>
      ),
    },
    exceptions > 0 && {
      key: 'exceptions',
      content: (
        <>
          {`${payments(exceptions, 'did', 'did')} not go as planned. `}
          <TextLink to="/payments?status=incomplete">See what is incomplete</TextLink>
        </>
      ),
    },
    ...endpoints.map(({ id, url }) => ({
      key: id,
      content: (
        <>
          Webhooks to <span className="wrap-anywhere">{url}</span> fail.{' '}
          <TextLink to={`/developers/webhooks/${id}`}>See why</TextLink>
        </>
      ),
    })),
  ]
  const items = all.filter(item => item !== false)
  if (items.length === 0) return null
  return (
    <Notice tone="warn" title="This needs attention">
      <ul className={classes('leading-6', items.length > 1 && 'flex list-disc flex-col gap-1 ps-4')}>
        {items.map(({ key, content }) => (
          <li key={key}>{content}</li>
        ))}
      </ul>
    </Notice>
  )
}

function payments(count: number, one: string, many: string): string {
  if (count === 1) return `One payment ${one}`
  return `${countText(count)} payments${count >= COUNTED_MAX ? ' or more' : ''} ${many}`
}

function troublesOf(trouble: ChainTrouble): (Item | false)[] {
  const { chainId, name, health, readTo, coins, nodes } = trouble
  const text = chainText(trouble)
  const since = (at: string) => (
    <span className="text-muted">
      Since <Time at={at} />
    </span>
  )
  return [
    text !== null &&
      health.since !== null && {
        key: `${chainId}`,
        content: (
          <>
            {`${text} `}
            {since(health.since)}
          </>
        ),
      },
    readTo !== null && {
      key: `${chainId} behind`,
      content: (
        <>
          {name} is read late: what came after <Time at={readTo} /> is not known yet. Look whether the worker runs.
        </>
      ),
    },
    ...coins.map(coin => ({
      key: `${chainId} ${coin.symbol}`,
      content: (
        <>
          {`${coinText(name, coin)} `}
          {since(coin.since)}
        </>
      ),
    })),
    ...nodes.map(node => ({
      key: `${chainId} ${node.name}`,
      content: (
        <>
          The node {node.name} of {name} cannot be relied on: {node.problem} {since(node.since)}
        </>
      ),
    })),
  ]
}

function lowGas({ chainId, address, balanceRaw, daysLeft }: GasAccount, chains: readonly Chain[]): Item {
  const chain = chains.find(({ id }) => id === chainId)
  const left =
    daysLeft === null || daysLeft < 1 ? '' : `, enough for ${daysLeft === 1 ? 'a day' : `${countText(daysLeft)} days`}`
  return {
    key: `${chainId} gas`,
    content: (
      <>
        {`The account that pays for sweeps on ${chain?.name ?? `network ${chainId}`} runs low: it has ${amountText(balanceRaw, chain?.currency, COIN_DECIMALS)}${left}. Send it some, or nothing is swept: `}
        <CopyText text={address} shown={shortened(address, 8)} label="gas account" />
      </>
    ),
  }
}
