import { KeyRound } from 'lucide-react'
import { bitstream } from '../../data/bitstream.ts'
import { mayWrite } from '../../data/may.ts'
import { ListPage } from '../../layout/ListPage.tsx'
import { StatusBadge } from '../../ui/Badge.tsx'
import { Time } from '../../ui/Time.tsx'
import { KeyMaker } from './KeyMaker.tsx'
import { keyStatus, TYPES } from './keyStatus.ts'

/** The keys that programs call the API with. */
export function ApiKeysPage() {
  return (
    <ListPage
      title="API keys"
      description="Your server proves with a key that it speaks for you. Nobody can read a key here again: store it where your server finds it."
      path="/developers/api-keys"
      kind="api_key"
      filters={[]}
      read={page => bitstream.apiKeys.list(page)}
      columns={[
        { name: 'Name', width: 'minmax(0,1fr)', cell: ({ name }) => <span className="font-medium">{name}</span> },
        {
          name: 'Key',
          width: '8rem',
          cell: ({ prefix, lastFour }) => (
            <code className="font-mono text-[0.8125rem]">
              {prefix}…{lastFour}
            </code>
          ),
        },
        { name: 'Type', width: '6rem', isMinor: true, cell: ({ type }) => TYPES[type][0] },
        { name: 'Made by', width: 'minmax(0,1.25fr)', isMinor: true, cell: key => <KeyMaker of={key} /> },
        {
          name: 'Last used',
          width: '7rem',
          isMinor: true,
          cell: ({ lastUsedAt }) => (lastUsedAt === null ? 'Never' : <Time at={lastUsedAt} />),
        },
        {
          name: 'Ends',
          width: '7rem',
          isMinor: true,
          cell: ({ expiresAt, revokedAt }) => {
            const end = revokedAt ?? expiresAt
            return end === null ? 'Never' : <Time at={end} />
          },
        },
        {
          name: 'Status',
          width: '4.5rem',
          cell: key => <StatusBadge status={keyStatus(key)} />,
        },
      ]}
      Icon={KeyRound}
      empty={{
        title: 'No API keys yet',
        text: 'Create one, and your server can take payments with its first request.',
      }}
      create={mayWrite('api_keys') && 'Create API key'}
    />
  )
}
