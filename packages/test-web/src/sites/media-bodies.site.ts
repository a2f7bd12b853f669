import { html, pixel, redirect, slowBody } from '../answers.ts';
import type { Site } from '../site.ts';
import { byHttp, byScript, cookie, thirdPartyCookie, truth } from '../truth-builders.ts';

const PAGE = 'https://media-bodies.test/';
const PICTURE = 'https://pictures.test/media-bodies/picture';
const WIDTH_PX = 1_000;
const HEIGHT_PX = 700;
const SECONDS = 180;
const BYTES_PER_SECOND = 8_000;

/** A black picture in the format BMP, 2.1 MB. */
function picture(): Buffer {
  const header = Buffer.alloc(54);
  header.write('BM');
  header.writeUInt32LE(54 + 3 * WIDTH_PX * HEIGHT_PX, 2);
  header.writeUInt32LE(54, 10);
  header.writeUInt32LE(40, 14);
  header.writeInt32LE(WIDTH_PX, 18);
  header.writeInt32LE(HEIGHT_PX, 22);
  header.writeUInt16LE(1, 26);
  header.writeUInt16LE(24, 28);
  return Buffer.concat([header, Buffer.alloc(3 * WIDTH_PX * HEIGHT_PX)]);
}

/** Silence in the format WAV, 1.4 MB. */
function recording(): Buffer {
  const header = Buffer.alloc(44);
  header.write('RIFF');
  header.writeUInt32LE(36 + SECONDS * BYTES_PER_SECOND, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(BYTES_PER_SECOND, 24);
  header.writeUInt32LE(BYTES_PER_SECOND, 28);
  header.writeUInt16LE(1, 32);
  header.writeUInt16LE(8, 34);
  header.write('data', 36);
  header.writeUInt32LE(SECONDS * BYTES_PER_SECOND, 40);
  return Buffer.concat([header, Buffer.alloc(SECONDS * BYTES_PER_SECOND, 128)]);
}

/** A TrueType font without characters, and nothing behind it, 0.9 MB. */
function font(): Buffer {
  const tables = Buffer.from(
    'AAEAAAAKAIAAAwAgT1MvMl98WhkAAACsAAAAYGNtYXAADAAmAAABDAAAACRnbHlmAAAAAAAAATAAAAAEaGVhZF8WQOUAAAE0AAAA' +
      'NmhoZWEDIgEuAAABbAAAACRobXR4AfQAAAAAAZAAAAAEbG9jYQAAAAAAAAGUAAAABG1heHAAAgACAAABmAAAACBuYW1lAPUFRQAA' +
      'AbgAAAAccG9zdP+fADIAAAHUAAAAIAADAfQBkAAFAAACigK8AAAAjAKKArwAAAHgADIA+gAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' +
      'AAAAAABOT05FAED/////AyD/OAAAAyAAyAAAAAEAAAAAAfQCvAAAACAAAAAAAAEAAwABAAAADAAEABgAAAACAAIAAAAA//8AAP//' +
      'AAEAAAAAAAAAAQAAAAEAAB0DWn9fDzz1AAMD6AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAgAAgAAAAAAAAABAAADIP84AAAB' +
      '9AAAAAAAAAABAAAAAAAAAAAAAAAAAAAAAQH0AAAAAAAAAAEAAAABAAAAAAAAAAAAAgAAAAAAAAAAAAAAAAAAAAAAAAABABIAAwAB' +
      'BAkAAQAKAAAARQBtAHAAdAB5AAMAAAAAAAD/nAAyAAAAAAAAAAAAAAAAAAAAAAAAAAA=',
    'base64',
  );
  return Buffer.concat([tables, Buffer.alloc(900_000)]);
}

const HEAD = `
  <style>
    @font-face { font-family: large; src: url("/font"); }
    .text { font-family: large } .picture { background-image: url("/background"); width: 9px; height: 9px }
  </style>`;
const BODY = `
  <h1>Media</h1><p class="text">Text in a large font</p><div class="picture"></div>
  <img id="large" src="/large" alt=""><img src="/hop" alt=""><img src="/small" alt="">
  <audio id="recording" src="/recording" preload="auto"></audio>
  <script>
    const note = (name, value) => { document.cookie = name + '=' + value + '; Path=/'; };
    const large = document.getElementById('large');
    large.onload = () => note('picture_size', large.naturalWidth + 'x' + large.naturalHeight);
    const recording = document.getElementById('recording');
    recording.onloadedmetadata = () => note('recording_ready', '1');
    document.fonts.load('20px large').then((faces) => note('fonts_loaded', faces.length));
    addEventListener('load', () => note('page_loaded', '1'));
  </script>`;

const ownPaths = ['large', 'hop', 'small', 'background', 'recording', 'font'];
const setBy = byScript(PAGE, []);

/** Large bodies behind headers that set cookies, and scripts that wait for them. */
export const mediaBodies: Site = {
  name: 'media-bodies',
  url: PAGE,
  summary: 'Large pictures, recordings and fonts set cookies, and scripts when they have loaded',
  routes: {
    'media-bodies.test/': html(BODY, { head: HEAD }),
    'media-bodies.test/large': slowBody('image/bmp', picture(), { setCookie: ['large=1; Path=/'] }),
    'media-bodies.test/background': slowBody('image/bmp', picture(), { setCookie: ['background=1; Path=/'] }),
    'media-bodies.test/hop': redirect(PICTURE, { setCookie: ['hop=1; Path=/'] }),
    'media-bodies.test/small': pixel(['small=1; Path=/']),
    'media-bodies.test/recording': slowBody('audio/wav', recording(), { setCookie: ['recording=1; Path=/'] }),
    'media-bodies.test/font': slowBody('font/ttf', font(), { setCookie: ['font=1; Path=/'] }),
    'pictures.test/media-bodies/picture': slowBody('image/bmp', picture(), {
      setCookie: ['picture=1; Path=/; SameSite=None; Secure'],
    }),
  },
  truth: truth(PAGE, {
    cookies: [
      ...ownPaths.map((name) =>
        cookie({ name, value: '1', domain: 'media-bodies.test', setBy: byHttp(PAGE + name, [PAGE]) }),
      ),
      thirdPartyCookie({
        name: 'picture',
        value: '1',
        domain: 'pictures.test',
        setBy: byHttp(PICTURE, [PAGE]),
      }),
      ...Object.entries({
        picture_size: `${WIDTH_PX}x${HEIGHT_PX}`,
        recording_ready: '1',
        fonts_loaded: '1',
        page_loaded: '1',
      }).map(([name, value]) => cookie({ name, value, domain: 'media-bodies.test', setBy })),
    ],
  }),
};
