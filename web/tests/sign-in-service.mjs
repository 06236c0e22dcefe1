/**
 * A hospital's sign-in service for tests: a certified OpenID provider on loopback, with people of its own and no pages.
 *
 * Its one argument is JSON: { port, redirect, secret, keys, logout, people: { subject: { claims, amr } } }.
 * Whoever it is to be stands in the query of the address that the browser is sent to (login_hint), or is `anybody`.
 */

import { createServer } from "node:http";
import Provider from "oidc-provider";

const said = JSON.parse(process.argv[2]);
const issuer = `http://127.0.0.1:${said.port}`;

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: "wardline",
      ...(said.secret ? { client_secret: said.secret } : { token_endpoint_auth_method: "none" }),
      redirect_uris: [said.redirect],
      ...(said.logout ? { backchannel_logout_uri: said.logout, backchannel_logout_session_required: true } : {}),
    },
  ],
  jwks: { keys: said.keys },
  claims: { openid: ["sub", "amr", "acr"], profile: ["name", "preferred_username", "groups", "wards", "email"] },
  conformIdTokenClaims: false,
  features: { devInteractions: { enabled: false }, backchannelLogout: { enabled: true }, rpInitiatedLogout: { enabled: true } },
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  cookies: { keys: ["for these tests only"] },
  findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub, ...said.people[sub]?.claims }) }),
  pkce: { required: () => true },
  // What it would send to others is printed instead: the test hands it on.
  fetch: async (_, { body }) => {
    console.log(`Sent: ${body}`);
    return new Response();
  },
});

/** Signs in whoever was hinted at, and agrees for them to everything that is asked. */
async function interaction(request, response) {
  const { params, prompt } = await provider.interactionDetails(request, response);
  const sub = params.login_hint ?? said.anybody;
  const person = said.people[sub];
  if (!person) {
    const result = { error: "access_denied", error_description: "nobody by that name" };
    return provider.interactionFinished(request, response, result);
  }
  if (prompt.name === "login")
    return provider.interactionFinished(request, response, { login: { accountId: sub, amr: person.amr, acr: person.acr } });
  const grant = new provider.Grant({ accountId: sub, clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  return provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } }, { mergeWithLastSubmission: true });
}

const handle = provider.callback();
const server = createServer((request, response) => {
  if (!request.url.startsWith("/interaction/")) return handle(request, response);
  interaction(request, response).catch((error) => {
    response.statusCode = 500;
    response.end(String(error));
  });
});
server.listen(said.port, "127.0.0.1", () => console.log("Ready"));
