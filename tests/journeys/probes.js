// What the journeys ask of a readers' page, in the page. Added by the browser, never served.
(() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const shown = (e) => e.checkVisibility({ visibilityProperty: true }) && e.getBoundingClientRect().width > 1;
  const name = (e) =>
    e.tagName.toLowerCase() + [...e.classList].map((c) => `.${c}`).join("") + ` “${e.textContent.trim().replace(/\s+/g, " ").slice(0, 30)}”`;

  const rgba = (colour) => {
    const [r, g, b, alpha = 1] = colour.match(/[\d.]+/g).map(Number);
    return { r, g, b, alpha };
  };
  const luminance = ({ r, g, b }) => {
    const linear = (v) => ((v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  };
  const contrast = (one, other) => {
    const [low, high] = [luminance(rgba(one)), luminance(rgba(other))].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const behind = (e) => { // the nearest opaque background
    for (; e; e = e.parentElement) {
      const colour = getComputedStyle(e).backgroundColor;
      if (rgba(colour).alpha === 1) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  const words = () => all("body, body *").filter((e) => shown(e) && [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()));
  const tinted = (e) => rgba(getComputedStyle(e).backgroundColor).alpha > 0 && !getComputedStyle(e).display.startsWith("inline");

  const probe = (window.probe = { walked: [] });

  // --- the keyboard ----------------------------------------------------------------------------------
  const STOPS = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]:not([tabindex^='-'])";
  probe.stops = () => all(STOPS).filter((e) => e.checkVisibility({ visibilityProperty: true })).map((e) => [name(e), e.tagName]);
  probe.fold = (e) => document.activeElement.closest("details").open;
  const ring = (e) => {
    const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(e);
    return outlineStyle === "solid" && parseFloat(outlineWidth) >= 2 && contrast(outlineColor, behind(e.parentElement)) >= 3;
  };
  document.addEventListener("focusin", ({ target }) => {
    const { top, bottom, left } = target.getClientRects()[0];
    probe.walked.push({ name: name(target), ring: ring(target), top: top + scrollY, bottom: bottom + scrollY, left });
  });
  probe.backwards = () => // a stop that lies wholly above the one before; the skip link lies over the page
    probe.walked.slice(1).flatMap((stop, i) => (i && stop.bottom <= probe.walked[i].top ? [`${probe.walked[i].name} → ${stop.name}`] : []));
  probe.ringless = () => probe.walked.filter((stop) => !stop.ring).map((stop) => stop.name);

  // --- room ------------------------------------------------------------------------------------------
  probe.wide = () => [
    ...all("body *").filter((e) => shown(e) && e.getBoundingClientRect().right > innerWidth + 1).map(name),
    ...(document.scrollingElement.scrollWidth > innerWidth ? [`${document.scrollingElement.scrollWidth} px`] : []),
  ];
  probe.cut = () => words().filter((e) => { // text beyond a box that hides what leaves it
    for (let box = e; box; box = box.parentElement)
      if (/hidden|clip/.test(getComputedStyle(box).overflow) && (box.scrollHeight > box.clientHeight + 1 || box.scrollWidth > box.clientWidth + 1)) return true;
    return false;
  }).map(name);
  probe.overlapping = () => { // two texts in one place
    const lines = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      if (!node.data.trim() || !shown(node.parentElement) || node.parentElement.closest("svg, .skip-link")) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const box of range.getClientRects()) if (box.width > 1) lines.push({ node, box });
    }
    lines.sort((a, b) => a.box.top - b.box.top);
    const found = [];
    lines.forEach((one, i) => {
      for (let j = i + 1; j < lines.length && lines[j].box.top < one.box.bottom; j++) {
        const [a, b] = [one.box, lines[j].box];
        const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (one.node !== lines[j].node && across > 2 && down > 0.5 * Math.min(a.height, b.height))
          found.push(`${name(one.node.parentElement)} × ${name(lines[j].node.parentElement)}`);
      }
    });
    return found;
  };
  probe.sizes = () => words().map((e) => [name(e), parseFloat(getComputedStyle(e).fontSize)]);

  // --- other media -----------------------------------------------------------------------------------
  let boxes = [];
  probe.noteBoxes = () => { boxes = all("main *, header *, footer *").filter((e) => shown(e) && (tinted(e) || e.matches("button, input:not([type=hidden]), select, textarea"))); };
  probe.edgeless = () => // what was told by a tint has an edge that can be seen
    boxes.filter((e) => {
      const { borderTopStyle, borderTopWidth, borderTopColor } = getComputedStyle(e);
      return borderTopStyle === "none" || parseFloat(borderTopWidth) < 1 || contrast(borderTopColor, behind(e.parentElement)) < 3;
    }).map(name);
  probe.faint = () => words().filter((e) => contrast(getComputedStyle(e).color, behind(e)) < 4.5).map(name);
  probe.moving = () => [
    ...document.getAnimations().map((animation) => name(animation.effect.target)),
    ...all("*").filter((e) => /[1-9]/.test(getComputedStyle(e).transitionDuration) || getComputedStyle(e).scrollBehavior === "smooth").map(name),
  ];
  probe.offPaper = () => [
    ...all("nav, form").filter(shown).map((e) => `printed: ${name(e)}`),
    ...words().filter((e) => contrast(getComputedStyle(e).color, "rgb(255, 255, 255)") < 20).map((e) => `pale: ${name(e)}`),
    ...all("html, body *").filter((e) => shown(e) && contrast(behind(e), "rgb(255, 255, 255)") > 1).map((e) => `dark: ${name(e)}`),
    ...all("details > :not(summary)").filter((e) => !e.checkVisibility()).map((e) => `folded: ${name(e)}`),
    ...all("main a[href^=http]").filter((e) => shown(e) && e.host !== location.host && !getComputedStyle(e, "::after").content.includes(e.getAttribute("href")))
      .map((e) => `no address: ${name(e)}`),
    ...all("body *").filter((e) => shown(e) && /fixed|sticky/.test(getComputedStyle(e).position)).map((e) => `on every sheet: ${name(e)}`),
  ];
})();
