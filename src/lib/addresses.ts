import { BlockList, isIP } from 'node:net';

/**
 * public: anyone's. internal: private networks and this machine. forbidden: no address of a service, or, as with the
 * link-local metadata service of the clouds, of one that hands out keys.
 */
export type AddressKind = 'public' | 'internal' | 'forbidden';

/** From the IANA special-purpose address registries (RFC 6890 and its updates). */
const internal = blocks(
  ['10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'],
  ['::1/128', 'fc00::/7'],
);
const forbidden = blocks(
  ['0.0.0.0/8', '169.254.0.0/16', '192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '198.18.0.0/15'],
  ['fd00:ec2::254/128', 'fd20:ce::254/128', '2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'],
  ['198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4', '100.100.100.200/32', '168.63.129.16/32'],
);
const globalUnicast = blocks(['2000::/3']);
const mapped = blocks(['::ffff:0:0/96']);

function blocks(...lists: string[][]): BlockList {
  const list = new BlockList();
  for (const block of lists.flat()) {
    const [network = '', prefix] = block.split('/');
    list.addSubnet(network, Number(prefix), network.includes(':') ? 'ipv6' : 'ipv4');
  }
  return list;
}

/** A network like 10.0.0.0/8 or fd00::/8; undefined for anything else, such as the name of a host. */
export function networkOf(text: string): BlockList | undefined {
  const [, address = '', bits = ''] = /^([\d.]+|[\da-f:.]+)\/(\d{1,3})$/i.exec(text) ?? [];
  const version = isIP(address);
  if (version === 0 || Number(bits) > (version === 4 ? 32 : 128)) return undefined;
  return blocks([text]);
}

export function isWithin(address: string, networks: readonly BlockList[]): boolean {
  const family = isIP(address) === 4 ? 'ipv4' : 'ipv6';
  return isIP(address) !== 0 && networks.some((network) => network.check(address, family));
}

/** Of an address in dotted or colon notation; anything else is forbidden. */
export function addressKind(address: string): AddressKind {
  const version = isIP(address);
  if (version === 4) {
    if (forbidden.check(address)) return 'forbidden';
    return internal.check(address) ? 'internal' : 'public';
  }
  if (version === 0 || address.includes('%')) return 'forbidden';
  if (mapped.check(address, 'ipv6')) {
    return addressKind(embedded(address)) === 'forbidden' ? 'forbidden' : 'internal';
  }
  if (forbidden.check(address, 'ipv6')) return 'forbidden';
  if (internal.check(address, 'ipv6')) return 'internal';
  return globalUnicast.check(address, 'ipv6') ? 'public' : 'forbidden';
}

/** The IPv4 address in the last 32 bits, as the URL parser writes them: `[::ffff:a9fe:a9fe]`. */
function embedded(address: string): string {
  const [high = '', low = ''] = new URL(`http://[${address}]`).hostname.slice(1, -1).split(':').slice(-2);
  const [left, right] = [Number.parseInt(high || '0', 16), Number.parseInt(low || '0', 16)];
  return [left >> 8, left & 255, right >> 8, right & 255].join('.');
}
