import type { ConnectionFinding } from '../../../protocol/api/hub';
import { say } from '../../language/say';

const mirror = (): string => say`set a mirror (goya.hub.endpoint) or a proxy (goya.hub.proxy)`;

/** What a person can do about each finding. */
export const advice: Readonly<Record<ConnectionFinding, () => string>> = {
  dns: () =>
    say`Check that this machine is online and that the address is spelt right; use another DNS server, or ${mirror()}.`,
  diverted: () =>
    say`This network's DNS leads the hub's name elsewhere: use another DNS server, or ${mirror()}.`,
  refused: () => say`Check the address and its port, and the firewall; else ${mirror()}.`,
  cut: () => say`Something on the way cuts the connection, as filters do: ${mirror()}.`,
  timeout: () =>
    say`Nothing came back: the line is slow, or something on the way drops it. Try again, or ${mirror()}.`,
  noRoute: () => say`Check that this machine is online.`,
  tls: () =>
    say`Something stands between. Where that is your own network, name its certificate in NODE_EXTRA_CA_CERTS and restart the editor; elsewhere use another network.`,
  clock: () => say`Set this machine's date and time: certificates and signed addresses depend on them.`,
  proxy: () =>
    say`Correct or clear the proxy: goya.hub.proxy, http.proxy, or HTTPS_PROXY in the environment.`,
  proxyLogin: () =>
    say`Put user and password into the address of the proxy (http://user:password@host:port), or into http.proxyAuthorization.`,
  blocked: () => say`The hub refuses this network: ${mirror()}.`,
  server: () => say`The hub has a problem of its own: try again later, or set a mirror (goya.hub.endpoint).`,
  notAHub: () =>
    say`What answers there is not a hub: check goya.hub.endpoint, and that no login page stands between.`,
  token: () => say`Set a valid token, or forget the one that is set.`,
  offline: () => say`Unset HF_HUB_OFFLINE and restart the backend.`,
  failed: () => say`Try again, or ${mirror()}.`,
};
