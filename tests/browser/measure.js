// Measures every article of the page as its reader sees it: visible lines, what sticks out, the poorest contrast.
const seen = (node) => {
  const fold = node.parentElement.closest("details:not([open])");
  const title = node.parentElement.closest("summary");
  return node.data.trim() && (!fold || (title && title.parentElement === fold && !fold.parentElement.closest("details:not([open])")));
};

function texts(element) {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) if (seen(walker.currentNode)) found.push(walker.currentNode);
  return found;
}

function boxes(element) {
  return texts(element).flatMap((node) => {
    const range = document.createRange();
    range.selectNodeContents(node);
    return [...range.getClientRects()].filter((box) => box.width > 0 && box.height > 0);
  });
}

// Boxes belong to one line when the middle of one lies within the other.
function lines(element) {
  let count = 0;
  let bottom = -Infinity;
  for (const box of boxes(element).sort((a, b) => a.top + a.bottom - b.top - b.bottom)) {
    if ((box.top + box.bottom) / 2 > bottom) {
      count += 1;
      bottom = box.bottom;
    }
  }
  return count;
}

function visibleLines(article) {
  const rows = [...article.querySelectorAll("tr")].filter((row) => boxes(row).length);
  const tall = rows.map((row) => Math.max(...[...row.cells].map(lines)));
  const others = [...article.children].filter((block) => block.tagName !== "TABLE");
  return tall.concat(others.map(lines)).reduce((sum, one) => sum + one, 0);
}

function sticksOut(article) {
  const right = article.getBoundingClientRect().right;
  const wide = [...article.querySelectorAll("table")].filter((one) => boxes(one).length && one.scrollWidth > one.clientWidth + 1);
  const outside = texts(article).filter((node) => !node.parentElement.closest("pre, table"))
    .flatMap((node) => boxes(node.parentElement)).filter((box) => box.right > right + 1);
  return wide.length + outside.length + (article.scrollWidth > article.clientWidth + 1 ? 1 : 0);
}

function channel(value) {
  return value <= 0.03928 * 255 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4;
}

const luminance = (colour) => {
  const [red, green, blue] = colour.match(/[\d.]+/g).map(Number).map(channel);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};

function behind(element) {
  for (let one = element; one; one = one.parentElement) {
    const colour = getComputedStyle(one).backgroundColor;
    if (!/, 0\)$/.test(colour)) return colour;
  }
  return "rgb(255, 255, 255)";
}

function contrast(article) {
  const elements = new Set(texts(article).map((node) => node.parentElement));
  return Math.min(21, ...[...elements].map((element) => {
    const [dark, light] = [getComputedStyle(element).color, behind(element)].map(luminance).sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  }));
}

function measured(article) {
  const closed = { lines: visibleLines(article), out: sticksOut(article) };
  article.querySelectorAll("details").forEach((fold) => (fold.open = true));
  const open = { open_out: article.scrollWidth > article.clientWidth + 1 ? 1 : 0, contrast: contrast(article) };
  article.querySelectorAll("details").forEach((fold) => (fold.open = false));
  return { name: article.id, ...closed, ...open };
}

const told = document.createElement("script");
told.type = "application/json";
told.id = "measured";
told.textContent = JSON.stringify([...document.querySelectorAll("article")].map(measured)).replaceAll("<", "\\u003c");
document.body.append(told);
