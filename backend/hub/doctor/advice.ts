import type { ConnectionFinding } from '../../../protocol/api/hub';

const mirror = 'set a mirror (goya.hub.endpoint) or a proxy (goya.hub.proxy)';

/** What a person can do about each finding. */
export const advice: Readonly<Record<ConnectionFinding, string>> = {
  dns: `Check that this machine is online and that the address is spelt right; use another DNS server, or ${mirror}.`,
  diverted: `This network's DNS leads the hub's name elsewhere: use another DNS server, or ${mirror}.`,
  refused: `Check the address and its port, and the firewall; else ${mirror}.`,
  cut: `Something on the way cuts the connection, as filters do: ${mirror}.`,
  timeout: `Nothing came back: the line is slow, or something on the way drops it. Try again, or ${mirror}.`,
  noRoute: 'Check that this machine is online.',
  tls: 'Something stands between. Where that is your own network, name its certificate in NODE_EXTRA_CA_CERTS and restart the editor; elsewhere use another network.',
  clock: "Set this machine's date and time: certificates and signed addresses depend on them.",
  proxy: 'Correct or clear the proxy: goya.hub.proxy, http.proxy, or HTTPS_PROXY in the environment.',
  proxyLogin:
    'Put user and password into the address of the proxy (http://user:password@host:port), or into http.proxyAuthorization.',
  blocked: `The hub refuses this network: ${mirror}.`,
  server: 'The hub has a problem of its own: try again later, or set a mirror (goya.hub.endpoint).',
  notAHub: 'What answers there is not a hub: check goya.hub.endpoint, and that no login page stands between.',
  token: 'Set a valid token, or forget the one that is set.',
  offline: 'Unset HF_HUB_OFFLINE and restart the backend.',
  failed: `Try again, or ${mirror}.`,
};
