import { html, pixel } from '../answers.ts';
import type { Site } from '../site.ts';
import { blocked, byHttp, cookie, thirdPartyCookie, truth } from '../truth-builders.ts';

const UK_PAGE = 'https://www.scanner-shop.co.uk/';
const UK_OWN = 'https://img.scanner-shop.co.uk/own.gif';
const UK_OTHER = 'https://scanner-other.co.uk/other.gif';
const HUB_PAGE = 'https://scanner-alice.github.io/';
const HUB_OTHER = 'https://scanner-bob.github.io/other.gif';
const IDN_PAGE = 'https://xn--bcher-kva.test/';

/** Sites whose first party cannot be told by counting dots. */
export const party: readonly Site[] = [
  {
    name: 'public-suffix',
    url: UK_PAGE,
    summary:
      'A site below co.uk with a pixel of its own, a pixel of a neighbour and a cookie for all of co.uk',
    routes: {
      'www.scanner-shop.co.uk/': html(
        `<h1>Shop</h1><img src="${UK_OWN}" alt=""><img src="${UK_OTHER}" alt="">`,
        {
          setCookie: ['all_of_uk=1; Path=/; Domain=co.uk', 'shop=1; Path=/; Domain=scanner-shop.co.uk'],
        },
      ),
      'img.scanner-shop.co.uk/own.gif': pixel(['img=2; Path=/']),
      'scanner-other.co.uk/other.gif': pixel(['neighbour=3; Path=/; SameSite=None; Secure']),
    },
    truth: truth(UK_PAGE, {
      cookies: [
        cookie({ name: 'shop', value: '1', domain: '.scanner-shop.co.uk', setBy: byHttp(UK_PAGE) }),
        cookie({ name: 'img', value: '2', domain: 'img.scanner-shop.co.uk', setBy: byHttp(UK_OWN) }),
        thirdPartyCookie({
          name: 'neighbour',
          value: '3',
          domain: 'scanner-other.co.uk',
          setBy: byHttp(UK_OTHER),
        }),
      ],
      blockedCookies: [blocked('all_of_uk', UK_PAGE, 'InvalidDomain')],
    }),
  },
  {
    name: 'private-suffix',
    url: HUB_PAGE,
    summary:
      'Two sites of one hosting service, which the private section of the public suffix list tells apart',
    routes: {
      'scanner-alice.github.io/': html(`<h1>Alice</h1><img src="${HUB_OTHER}" alt="">`, {
        setCookie: ['alice=1; Path=/', 'everybody=1; Path=/; Domain=github.io'],
      }),
      'scanner-bob.github.io/other.gif': pixel(['bob=2; Path=/; SameSite=None; Secure']),
    },
    truth: truth(HUB_PAGE, {
      cookies: [
        cookie({ name: 'alice', value: '1', domain: 'scanner-alice.github.io', setBy: byHttp(HUB_PAGE) }),
        thirdPartyCookie({
          name: 'bob',
          value: '2',
          domain: 'scanner-bob.github.io',
          setBy: byHttp(HUB_OTHER),
        }),
      ],
      blockedCookies: [blocked('everybody', HUB_PAGE, 'InvalidDomain')],
    }),
  },
  {
    name: 'idn',
    url: 'https://bücher.test/',
    summary: 'A site with an internationalised name',
    routes: {
      'xn--bcher-kva.test/': html('<h1>Bücher</h1>', {
        setCookie: ['idn=1; Path=/; Domain=xn--bcher-kva.test'],
      }),
    },
    truth: truth(IDN_PAGE, {
      cookies: [cookie({ name: 'idn', value: '1', domain: '.xn--bcher-kva.test', setBy: byHttp(IDN_PAGE) })],
    }),
  },
];
