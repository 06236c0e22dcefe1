/** A part of the interface that is fetched on its own, and can be fetched before it is needed: then it opens within the key press. */

import { type ComponentType, type FunctionComponent, lazy } from "react";

export type Preloadable<P> = FunctionComponent<P> & { preload: () => Promise<void> };

export function preloadable<P extends object>(load: () => Promise<{ default: ComponentType<P> }>): Preloadable<P> {
  // A lazy component gives way once even when its code is there; the component itself does not.
  let ready: ComponentType<P> | undefined;
  const Lazy = lazy(load) as ComponentType<P>;
  const Part = (props: P) => {
    const Shown = ready ?? Lazy;
    return <Shown {...props} />;
  };
  const preload = async () => {
    ready = (await load()).default;
  };
  return Object.assign(Part, { preload });
}
