/** The shop's start page: plain, but made to be looked at. */
export const SHOP_HTML = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Hazel &amp; Oak: things for the kitchen table</title>
<style>
  :root { --ink: #2b2622; --paper: #faf7f2; --leaf: #4c6b4f; --sand: #e8dfd1; }
  * { box-sizing: border-box; }
  body { margin: 0; font: 16px/1.5 Georgia, 'Times New Roman', serif; color: var(--ink); background: var(--paper); }
  header { display: flex; align-items: baseline; gap: 2rem; padding: 1.25rem 5vw; border-bottom: 1px solid var(--sand); }
  header strong { font-size: 1.4rem; letter-spacing: .02em; }
  nav a { color: inherit; text-decoration: none; margin-right: 1.25rem; }
  .cart { margin-left: auto; }
  .hero { padding: 4rem 5vw; background: linear-gradient(120deg, var(--sand), var(--paper)); }
  .hero h1 { font-size: clamp(1.8rem, 4vw, 3rem); margin: 0 0 .5rem; max-width: 18ch; line-height: 1.15; }
  .button { display: inline-block; margin-top: 1rem; padding: .6rem 1.4rem; color: #fff; background: var(--leaf);
    border-radius: .3rem; text-decoration: none; }
  .goods { display: grid; gap: 1.5rem; padding: 3rem 5vw; grid-template-columns: repeat(auto-fit, minmax(14rem, 1fr)); }
  article { background: #fff; border: 1px solid var(--sand); border-radius: .5rem; overflow: hidden; }
  article div { height: 9rem; }
  article h2 { font-size: 1.05rem; margin: 1rem 1rem .2rem; }
  article p { margin: 0 1rem 1rem; color: #6b625a; }
  footer { padding: 2rem 5vw; border-top: 1px solid var(--sand); color: #6b625a; font-size: .9rem; }
</style>
<script async src="https://metrics.test/shop/analytics.js"></script>
</head>
<body>
<header><strong>Hazel &amp; Oak</strong><nav><a href="/">Shop</a><a href="/about">About</a></nav><span class="cart">Basket (0)</span></header>
<section class="hero"><h1>Things for the kitchen table</h1><p>Turned, woven and thrown by people we know by name.</p>
<a class="button" href="/about">Meet the makers</a></section>
<section class="goods">
  <article><div style="background:#c9b79c"></div><h2>Oak bread board</h2><p>48.00</p></article>
  <article><div style="background:#8fa38b"></div><h2>Linen cloth, sage</h2><p>24.00</p></article>
  <article><div style="background:#b5896d"></div><h2>Stoneware jug</h2><p>62.00</p></article>
  <article><div style="background:#d8c8b0"></div><h2>Beeswax candles, six</h2><p>18.00</p></article>
</section>
<footer>Hazel &amp; Oak is not a real shop. It belongs to the tests of a cookie scanner.</footer>
<img src="https://ads.test/shop/pixel.gif?p=home" width="1" height="1" alt="">
<script src="/app.js"></script>
</body>
</html>
`;
