import { generate } from 'selfsigned';

/** A key and a certificate in PEM. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

const DAY_MS = 86_400_000;

/** Makes a self-signed certificate for `*.test`. Nobody trusts it: clients must ignore certificate errors. */
export async function makeCertificate(): Promise<Certificate> {
  const names = ['test', '*.test', '*.example', 'localhost'];
  const pems = await generate([{ name: 'commonName', value: '*.test' }], {
    keyType: 'ec',
    notAfterDate: new Date(Date.now() + 90 * DAY_MS),
    extensions: [{ name: 'subjectAltName', altNames: names.map((value) => ({ type: 2 as const, value })) }],
  });
  return { key: pems.private, cert: pems.cert };
}
