// A real OpenID provider on this machine, for the journeys:
//   node provider.mjs PORT SITE
// GET /fault?is=WORD makes its answers wrong in one way from then on, and GET /fault?is= makes them right again.
// The words: down (status 503), signature (another key), and nonce, issuer, audience and expired (that value of the
// ID token is wrong, and the token is properly signed).

import { createServer } from "node:http";
import { SignJWT, decodeJwt, decodeProtectedHeader, exportJWK, generateKeyPair } from "jose";
import { Provider } from "oidc-provider";

const [port, site] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;
const { privateKey } = await generateKeyPair("RS256", { extractable: true });
const stranger = await generateKeyPair("RS256");
const provider = new Provider(issuer, {
  clients: [{ client_id: "hanpyo", client_secret: "only for journeys", redirect_uris: [`${site}/vote/oidc`] }],
  cookies: { keys: ["only for journeys"] },
  jwks: { keys: [{ ...(await exportJWK(privateKey)), kid: "journeys", use: "sig", alg: "RS256" }] },
  pkce: { required: () => true },
  scopes: ["openid"],
});
const handle = provider.callback();
let fault = "";

/** Returns the ID token with the current fault. */
async function spoilt(token) {
  const proof = decodeJwt(token);
  if (fault === "nonce") proof.nonce = "of another sign-in";
  if (fault === "issuer") proof.iss = "https://elsewhere.example";
  if (fault === "audience") proof.aud = "somebody else";
  if (fault === "expired") proof.exp = Math.floor(Date.now() / 1000) - 3600;
  const key = fault === "signature" ? stranger.privateKey : privateKey;
  return new SignJWT(proof).setProtectedHeader(decodeProtectedHeader(token)).sign(key);
}

createServer((request, response) => {
  const url = new URL(request.url, issuer);
  if (url.pathname === "/fault") {
    fault = url.searchParams.get("is") ?? "";
    response.end("ok\n");
    return;
  }
  if (fault === "down") {
    response.writeHead(503).end();
    return;
  }
  if (fault !== "" && url.pathname === "/token") {
    const end = response.end.bind(response);
    response.end = (body) => {
      const answer = JSON.parse(String(body));
      spoilt(answer.id_token).then((token) => {
        response.removeHeader("content-length");
        end(JSON.stringify({ ...answer, id_token: token }));
      });
      return response;
    };
  }
  handle(request, response);
}).listen(Number(port), "127.0.0.1", () => console.log(`the provider listens on ${issuer}`));
