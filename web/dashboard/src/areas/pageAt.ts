import { type AnyRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router'
import type { ComponentType } from 'react'
import { filters } from '../data/filters.ts'
import { Failure } from '../layout/States.tsx'

/** Loads a page. */
export type Load = () => Promise<ComponentType>

/** A page below `parent` that is loaded when it is first visited, and says itself what it could not load. */
export function pageAt<P extends AnyRoute, const A extends string>(parent: P, path: A, load: Load) {
  return createRoute({
    getParentRoute: () => parent,
    path,
    validateSearch: filters,
    component: lazyRouteComponent(async () => ({ default: await load() })),
    errorComponent: Failure,
  })
}
