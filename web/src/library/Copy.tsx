/** A button that copies a text. Browsers allow it only over a safe connection; elsewhere the text is there to be selected. */

import { useState } from "react";

export function Copy({ text }: { text: string }) {
  const [copied, setCopied] = useState("");
  if (!("clipboard" in navigator)) return null;
  return (
    <button type="button" className="button" onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(text))}>
      {copied === text ? "Copied" : "Copy"}
    </button>
  );
}
