/** The browser's part of a passkey: it asks the device, which makes sure who holds it and signs for this address only. */

/** Browsers bind passkeys to a host name over a safe connection: not to an IP address. */
export const passkeysWork = (): boolean =>
  isSecureContext &&
  "PublicKeyCredential" in window &&
  "parseRequestOptionsFromJSON" in PublicKeyCredential &&
  !/^[\d.]+$|:/.test(location.hostname);

/** What the device has signed, for the server. */
export async function signed(options: PublicKeyCredentialRequestOptionsJSON): Promise<unknown> {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  return spoken(() => navigator.credentials.get({ publicKey }));
}

/** A new passkey, for the server. */
export async function made(options: PublicKeyCredentialCreationOptionsJSON): Promise<unknown> {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
  return spoken(() => navigator.credentials.create({ publicKey }));
}

async function spoken(ask: () => Promise<Credential | null>): Promise<unknown> {
  let credential: Credential | null;
  try {
    credential = await ask();
  } catch (error) {
    if (error instanceof DOMException && error.name === "InvalidStateError")
      throw new Error("This device has a passkey of this account already.");
    throw new Error("The device did not confirm it, or it took too long. Try again, or choose another way.");
  }
  if (!(credential instanceof PublicKeyCredential)) throw new Error("The device gave no passkey.");
  return credential.toJSON();
}
