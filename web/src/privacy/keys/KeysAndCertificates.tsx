/** How old the secrets are, how long the certificates last, and renewing a secret while everything goes on. */

import { Certificates } from "@/privacy/keys/Certificates";
import { Secrets } from "@/privacy/keys/Secrets";

export function KeysAndCertificates() {
  return (
    <>
      <Certificates />
      <Secrets />
    </>
  );
}
