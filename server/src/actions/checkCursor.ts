import { AppError } from '../domain/errors.ts'

/** Throws `cursor_invalid` where `after`, the `startingAfter` of a list of `noun`s, is not found among the caller's. */
export async function checkCursor(
  after: string | null,
  noun: string,
  find: (id: string) => Promise<unknown>,
): Promise<void> {
  if (after === null || (await find(after)) !== null) return
  throw new AppError('cursor_invalid', `startingAfter must be the id of a ${noun} of yours.`, {
    param: 'startingAfter',
  })
}
