/** Addresses that no webhook may reach, as a look-up gives them, by kind. Source: docs/delivery.md#the-request. */
export const FORBIDDEN: Readonly<Record<string, readonly string[]>> = {
  'this network': ['0.0.0.0', '0.1.2.3', '0.255.255.255', '::'],
  loopback: ['127.0.0.1', '127.0.1.1', '127.255.255.254', '::1'],
  private: ['10.0.0.1', '10.255.255.255', '172.16.0.1', '172.31.255.255', '192.168.0.1', '192.168.255.255'],
  'carrier NAT': ['100.64.0.1', '100.127.255.255'],
  'metadata of AWS': ['169.254.169.254', '169.254.170.2', '169.254.170.23', '169.254.169.123', 'fd00:ec2::254'],
  'metadata of GCP': ['169.254.169.254', 'fd20:ce::254'],
  'metadata of Azure': ['169.254.169.254', '168.63.129.16'],
  'metadata of Alibaba': ['100.100.100.200'],
  'metadata of Oracle': ['192.0.0.192', 'fd00:c1::a9fe:a9fe'],
  'link-local': ['169.254.0.1', '169.254.255.255', 'fe80::1', 'fe80::1%eth0', 'febf::1'],
  'unique local': ['fc00::1', 'fd12:3456:789a::1', 'fdff:ffff::1'],
  'site local': ['fec0::1', 'feff::1'],
  benchmarking: ['198.18.0.1', '198.19.255.255', '2001:2::1'],
  documentation: ['192.0.2.1', '198.51.100.1', '203.0.113.1', '2001:db8::1', '3fff::1'],
  multicast: ['224.0.0.1', '239.255.255.255', 'ff02::1', 'ff0e::1'],
  broadcast: ['255.255.255.255'],
  reserved: ['240.0.0.1', '254.255.255.255', '192.0.0.8', '5f00::1', '4000::1', 'e000::1'],
  'v4-mapped, dotted': ['::ffff:127.0.0.1', '::ffff:10.0.0.1', '::ffff:169.254.169.254', '::ffff:0.0.0.0'],
  'v4-mapped, hex': ['::ffff:7f00:1', '::ffff:a00:1', '::ffff:a9fe:a9fe', '0:0:0:0:0:ffff:c0a8:1'],
  'v4-compatible': ['::127.0.0.1', '::10.0.0.1', '::7f00:1', '::8.8.8.8'],
  'v4-translated': ['::ffff:0:127.0.0.1', '::ffff:0:8.8.8.8'],
  NAT64: ['64:ff9b::7f00:1', '64:ff9b::169.254.169.254', '64:ff9b::808:808', '64:ff9b:1::1', '64:ff9b:1:ffff::a00:1'],
  '6to4': ['2002:7f00:1::', '2002:a00:1::1', '2002:808:808::1', '192.88.99.1'],
  Teredo: ['2001::1', '2001:0:4136:e378:8000:63bf:3fff:fdd2'],
  ORCHID: ['2001:10::1', '2001:20::1'],
  discard: ['100::1'],
};

/** Each forbidden address once, with its kind. */
export const FORBIDDEN_ROWS: readonly (readonly [kind: string, address: string])[] = [
  ...new Map(
    Object.entries(FORBIDDEN).flatMap(([kind, addresses]) => addresses.map((address) => [address, kind] as const)),
  ),
].map(([address, kind]) => [kind, address] as const);

/** The same places, as somebody who wants to get past a check writes them into a URL. */
export const DISGUISED: readonly (readonly [kind: string, host: string])[] = [
  ['decimal', '2130706433'],
  ['decimal, of metadata', '2852039166'],
  ['hexadecimal', '0x7f000001'],
  ['hexadecimal parts', '0x7f.0x0.0x0.0x1'],
  ['octal parts', '0177.0.0.01'],
  ['octal', '017700000001'],
  ['two parts', '127.1'],
  ['three parts', '10.0.1'],
  ['mixed bases', '0xa9.0376.43518'],
  ['one zero', '0'],
  ['a dot at the end', '127.0.0.1.'],
  ['percent-encoded', '%31%32%37.0.0.1'],
  ['percent-encoded dots', '127%2E0%2E0%2E1'],
  ['full-width digits', '１２７.０.０.１'],
  ['full-width dots', '127。0。0。1'],
  ['circled digits', '①②⑦.⓪.⓪.①'],
  ['a soft hyphen', '127.0.0\u00AD.1'],
  ['IPv6 in full', '[0000:0000:0000:0000:0000:0000:0000:0001]'],
  ['IPv6 upper case', '[FE80::1]'],
  ['IPv6, mapped, upper case', '[::FFFF:7F00:1]'],
  ['IPv6, mapped, dotted', '[::ffff:169.254.169.254]'],
  ['IPv6, percent-encoded', '[::%31]'],
  ['IPv6 with a zone', '[fe80::1%25eth0]'],
  ['localhost', 'localhost'],
  ['localhost, upper case', 'LOCALHOST'],
  ['localhost with a dot', 'localhost.'],
  ['localhost, full-width', 'ｌｏｃａｌｈｏｓｔ'],
  ['below localhost', 'hook.localhost'],
  ['localhost.localdomain', 'localhost.localdomain'],
  ['IPv6 localhost', 'ip6-localhost'],
  ['GCP by name', 'metadata.google.internal'],
  ['AWS by name', 'instance-data.ec2.internal'],
  ['a Kubernetes service', 'kubernetes.default.svc.cluster.local'],
  ['a printer', 'printer.local'],
  ['a home network', 'router.home.arpa'],
];

/** Addresses that webhooks reach; beside some of the forbidden ranges. */
export const PUBLIC = [
  ...['1.1.1.1', '8.8.8.8', '93.184.215.14', '9.255.255.255', '11.0.0.1', '172.15.255.255', '172.32.0.1'],
  ...['100.63.255.255', '100.128.0.1', '169.253.255.255', '169.255.0.1', '192.167.255.255', '192.169.0.1'],
  ...['198.17.255.255', '198.20.0.1', '223.255.255.255'],
  ...['2606:4700:4700::1111', '2a00:1450:4001:80b::200e', '2001:4860:4860::8888', '::ffff:8.8.8.8'],
];

/** An address as the host of a URL. */
export const inUrl = (address: string): string => (address.includes(':') ? `[${address.split('%')[0]}]` : address);
