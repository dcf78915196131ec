// Why: the tests of logging in meet a real OpenID provider (oidc-provider), not one that we thought of ourselves. It lives as long as its
// standard input is open. It makes its keys itself, and says in one line where it is and with which keys its clients prove who they are.
//
// What real providers ask of a person is decided here by the test, with a form to /toets: who logs in, by which means, under which keys.
import { createServer } from 'node:http';
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { pathToFileURL } from 'node:url';

const { Provider } = await import(pathToFileURL(`${process.argv[2]}/oidc-provider/lib/index.js`));
const back = process.argv[3];
// It warns of what a real installation should not do; nobody reads that here.
console.info = console.warn = () => {};

const pair = (kind, options) => generateKeyPairSync(kind, options);
const shown = (key, more) => ({ ...key.export({ format: 'jwk' }), ...more });
const rsa = pair('rsa', { modulusLength: 2048 });
const ed25519 = pair('ed25519');
const signing = () => shown(pair('rsa', { modulusLength: 2048 }).privateKey, { kid: randomUUID(), use: 'sig', alg: 'RS256' });

// Who logs in next, and what the provider says of him.
let person = { sub: 'medewerker-7', rol: 'casus', organisatie: 'VT02', amr: ['pwd', 'mfa'] };
let keys = [signing()];
let provider;
let issuer;

const login = { redirect_uris: [back], response_types: ['code'], grant_types: ['authorization_code'], post_logout_redirect_uris: [new URL('/', back).href] };
const proven = (alg, key) => ({
  token_endpoint_auth_method: 'private_key_jwt', token_endpoint_auth_signing_alg: alg, jwks: { keys: [shown(key, { kid: 'client', use: 'sig', alg })] },
});
const clients = [
  { client_id: 'rs256', ...login, ...proven('RS256', rsa.publicKey) },
  { client_id: 'ps256', ...login, ...proven('PS256', rsa.publicKey) },
  { client_id: 'eddsa', ...login, ...proven('EdDSA', ed25519.publicKey) },
  { client_id: 'geheim', client_secret: 'een-geheim/van+de:toets', token_endpoint_auth_method: 'client_secret_basic', ...login },
  { client_id: 'machine', client_secret: 'm', token_endpoint_auth_method: 'client_secret_post', redirect_uris: [], response_types: [], grant_types: ['client_credentials'] },
];

function start() {
  provider = new Provider(issuer, {
    clients,
    jwks: { keys },
    // Who somebody is stands in the ID token itself; what the provider keeps of it is asked when a token is made.
    conformIdTokenClaims: false,
    claims: { openid: ['sub', 'acr', 'amr', 'rol', 'organisatie', 'gebieden', 'team'] },
    findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ ...person, sub }) }),
    enabledJWA: { clientAuthSigningAlgValues: ['RS256', 'PS256', 'EdDSA', 'HS256'] },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      rpInitiatedLogout: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_, resource) => ({
          scope: '', audience: new URL(resource).host, accessTokenFormat: 'jwt', accessTokenTTL: 300, jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
    extraTokenClaims: () => ({ rol: person.rol, organisatie: person.organisatie, amr: person.amr }),
    // Its own numbers have 126 bits, and NLgov OAuth asks for 128.
    formats: { customizers: { jwt: (_, __, jwt) => { jwt.payload.jti = randomUUID(); } } },
    cookies: { keys: [randomUUID()] },
    pkce: { required: () => true },
    interactions: { url: (_, interaction) => `/toets/mens/${interaction.uid}` },
    loadExistingGrant: async (ctx) => {
      const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
      grant.addOIDCScope('openid');
      await grant.save();
      return grant;
    },
  });
  provider.on('server_error', (_, error) => console.error(error));
}

async function test(request, response) {
  let text = '';
  for await (const piece of request) text += piece;
  const asked = new URLSearchParams(text);
  if (asked.has('mens')) person = JSON.parse(asked.get('mens'));
  if (asked.has('sleutels')) {
    keys = [signing()];
    start();
  }
  response.end('gedaan');
}

// Somebody who logs in without a moment's thought.
async function human(request, response) {
  const { sub, acr, amr } = person;
  await provider.interactionFinished(request, response, { login: { accountId: sub, acr, amr, remember: false } });
}

const server = createServer((request, response) => {
  if (request.url === '/toets') return test(request, response);
  if (request.url.startsWith('/toets/mens/')) return human(request, response).catch((error) => response.writeHead(500).end(String(error)));
  return provider.callback()(request, response);
});
server.listen(0, '127.0.0.1', () => {
  issuer = `http://127.0.0.1:${server.address().port}`;
  start();
  const pem = (key) => key.privateKey.export({ type: 'pkcs8', format: 'pem' });
  console.log(JSON.stringify({ issuer, rsa: pem(rsa), ed25519: pem(ed25519) }));
});
process.stdin.resume().on('end', () => process.exit(0));
