/** One policy: what it does in a sentence; opened, why, and its text as it is in force. */

import type { AccessPolicy } from "@/privacy/policies/queries";

export function PolicyText({ policy }: { policy: AccessPolicy }) {
  return (
    <details>
      <summary>
        <b>{policy.effect === "permit" ? "Permits" : "Forbids"}</b> <span>{policy.says}</span>
        <small>{policy.is_ours ? policy.file : `${policy.file}, this site's`}</small>
      </summary>
      <p>{policy.because}</p>
      <pre tabIndex={0} aria-label={`Text of ${policy.id}`}>
        {policy.text}
      </pre>
      <p className="fine">
        {policy.file}, line {policy.line}
      </p>
    </details>
  );
}
