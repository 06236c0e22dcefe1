/** What is open beside a list; when it closes, the focus goes back to where it came from. */

import { useCallback, useRef, useState } from "react";

export function useOpened<T>(): [T | null, (what: T) => void, () => void] {
  const [opened, setOpened] = useState<T | null>(null);
  const from = useRef<Element | null>(null);
  const open = useCallback((what: T) => {
    from.current = document.activeElement;
    setOpened(what);
  }, []);
  const close = useCallback(() => {
    setOpened(null);
    // After the panel has let go of the focus. What has been dealt with has left the list: then the page takes it.
    setTimeout(() => {
      const back = from.current?.isConnected ? from.current : document.getElementById("page");
      if (back instanceof HTMLElement) back.focus();
    });
  }, []);
  return [opened, open, close];
}
