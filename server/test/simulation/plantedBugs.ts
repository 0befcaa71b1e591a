/** A known bug: in `file`, below `server`, the text `find` (which must be there once) becomes `replace`. */
export type PlantedBug = { name: string; file: string; find: string; replace: string }

/** Bugs that the simulation must find; those who change the text that is replaced keep the bug planted in the new one. */
export const PLANTED_BUGS: readonly PlantedBug[] = []
