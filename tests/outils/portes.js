// Reads an open page for tests/portes.py: every fault as a short text, one list per gate.
() => {
  const tous = (selecteur) => [...document.querySelectorAll(selecteur)];
  const court = (noeud) => noeud.outerHTML.replace(/\s+/g, " ").slice(0, 120);
  const texte = (noeud) => (noeud.textContent || "").replace(/\s+/g, " ").trim();
  const montre = (noeud) => noeud.getClientRects().length > 0;

  const ACTIFS = "script, iframe, frame, object, embed, base, meta[http-equiv=refresh i]";
  const scripts = tous(ACTIFS).map(court);
  const requetes = [];
  const CHARGEURS = ["src", "srcset", "poster", "data", "background"];
  for (const noeud of tous("*")) {
    for (const { name, value } of noeud.attributes) {
      if (/^on/i.test(name) || /^\s*(javascript|vbscript):/i.test(value)) scripts.push(court(noeud));
      const charge = CHARGEURS.includes(name) || (noeud.matches("link, use, image") && /href$/.test(name));
      if (charge && !/^\s*(data:|#)/i.test(value)) requetes.push(court(noeud));
    }
  }
  // A font or an image that no rule uses yet is not requested: the text of the style is read too.
  for (const style of tous("style")) {
    const liens = texte(style).match(/@import[^;]*|url\(\s*["']?(?!["']?\s*(data:|#))[^)]*\)/gi);
    requetes.push(...(liens || []));
  }

  const images = [];
  const STERILE = /^(image|img|figure|graphique|logo|photo|no description.*)$|\.(png|svg|jpe?g|gif|webp)$/i;
  for (const image of tous("img, input[type=image], area, [role=img], svg:not([aria-hidden=true])")) {
    const alt = (image.getAttribute("alt") ?? image.getAttribute("aria-label") ?? "").trim();
    const bornes = image.closest("figure") ? [30, 250] : [3, 250];
    const reel = alt.length >= bornes[0] && alt.length <= bornes[1] && !STERILE.test(alt);
    if (!reel) images.push(`« ${alt} » : ${court(image)}`);
  }

  const tableaux = tous("table").filter((t) => !t.caption || !texte(t.caption)).map(court);
  const th = tous("th").filter((h) => !/^(row|col|rowgroup|colgroup)$/.test(h.getAttribute("scope"))).map(court);
  const cellules = tous("td, th").map(texte).filter((t) => /(…|\.\.\.)$/.test(t));

  const titres = [];
  let precedent = 0;
  for (const titre of tous("h1, h2, h3, h4, h5, h6").filter(montre)) {
    const niveau = Number(titre.tagName[1]);
    if (niveau > precedent + 1) titres.push(`h${precedent} puis h${niveau} : ${texte(titre)}`);
    precedent = niveau;
  }

  // An empty page would pass all the other gates: there must be something to grade.
  const matiere = [];
  const exige = (vrai, faute) => { if (!vrai) matiere.push(faute); };
  exige(document.documentElement.lang === "fr", "html sans lang=\"fr\"");
  exige(document.title.trim(), "title vide");
  exige(tous("h1").length === 1, `${tous("h1").length} h1 au lieu d'un`);
  exige(tous("main").length === 1, `${tous("main").length} main au lieu d'un`);
  exige(document.querySelector("a[href]")?.getAttribute("href").startsWith("#"), "pas de lien d'évitement en premier");
  exige(tous("table").length || tous("figure img").length, "ni tableau ni figure");
  for (const tableau of tous("table")) exige(tableau.querySelector("th"), `tableau sans th : ${court(tableau)}`);

  const largeur = [];
  const ecran = document.documentElement.clientWidth;
  const page = document.documentElement.scrollWidth;
  if (page !== ecran) {
    const larges = tous("body *").filter((n) => n.getBoundingClientRect().right > ecran + 0.5);
    largeur.push(`page de ${page} px : ${larges.slice(0, 5).map((n) => court(n).slice(0, 60)).join(" | ")}`);
  }

  // What is seen or spoken: the lines of the page, the attributes read aloud, the images.
  const attributs = tous("[alt], [aria-label], [title]").flatMap((n) =>
    ["alt", "aria-label", "title"].map((nom) => n.getAttribute(nom)).filter(Boolean));
  const lignes = [document.title, ...document.body.innerText.split("\n"), ...attributs];
  const svg = tous("img").map((i) => i.getAttribute("src") || "").filter((s) => s.startsWith("data:image/svg"));

  return { fautes: { requetes, scripts, images, tableaux, th, titres, matiere, largeur, cellules }, lignes, svg };
}
