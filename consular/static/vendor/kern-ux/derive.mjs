// Derives css/kern.css and css/kern-rtl.css from the unmodified kern.min.css: see README.md.
import { readFileSync, writeFileSync } from "node:fs";
import postcss from "postcss";
import parser from "postcss-selector-parser";
import rtlcss from "rtlcss";

const KEEP = [
  "kern-alert", "kern-badge", "kern-body", "kern-btn", "kern-description-list", "kern-error", "kern-fieldset",
  "kern-form-check", "kern-form-input", "kern-heading", "kern-hint", "kern-icon", "kern-icon--danger",
  "kern-icon--info", "kern-icon--success", "kern-icon--warning", "kern-label", "kern-link", "kern-number",
  "kern-sr-only", "kern-table", "kern-task-list", "kern-title",
];
const ICONS = /^kern-icon--/;
const VARIANTS = /^kern-(heading|body|title|label|link|table)-/;

const here = new URL(".", import.meta.url);
const source = readFileSync(new URL("kern.min.css", here), "utf8");
const root = postcss.parse(source);

function kept(name) {
  if (ICONS.test(name) || VARIANTS.test(name)) return KEEP.includes(name) || name.startsWith("kern-table-responsive");
  return KEEP.some((part) => name === part || name.startsWith(`${part}--`) || name.startsWith(`${part}__`) || name.startsWith(`${part}-`));
}

function classes(selector) {
  const found = [];
  selector.walkClasses((node) => {
    if (node.value.startsWith("kern-")) found.push(node.value);
  });
  return found;
}

const levels = /kern-(light|dark|layer|level)/;
root.walkRules((rule) => {
  if (rule.parent.type === "atrule" && /keyframes$/.test(rule.parent.name)) return;
  const selectors = rule.selectors.filter((text) => {
    if (text.startsWith(":is(body")) return true;
    if (levels.test(text) || text.includes("data-kern-theme")) return false;
    return classes(parser().astSync(text)).every(kept);
  });
  if (selectors.length) rule.selectors = selectors;
  else rule.remove();
});

function dropUnusedProperties() {
  const used = new Set();
  root.walkDecls((decl) => {
    for (const match of decl.value.matchAll(/var\(\s*(--[\w-]+)/g)) used.add(match[1]);
  });
  // consular.css uses these although nothing in the subset may.
  for (const match of readFileSync(new URL("../../css/consular.css", here), "utf8").matchAll(/var\(\s*(--[\w-]+)/g)) used.add(match[1]);
  let dropped = 0;
  root.walkDecls(/^--/, (decl) => {
    if (!used.has(decl.prop)) {
      decl.remove();
      dropped += 1;
    }
  });
  return dropped;
}

while (dropUnusedProperties());
root.walkRules((rule) => rule.nodes.length || rule.remove());
root.walkAtRules((rule) => rule.nodes && !rule.nodes.length && rule.remove());
root.walkComments((comment) => comment.remove());

const header = "/* Derived from KERN UX 2.7.2 (https://www.kern-ux.de), EUPL-1.2. Do not edit: see vendor/kern-ux/README.md. */\n";
const charset = /@charset[^;]*;/g;
const ltr = root.toString().replace(charset, "");
// A tick is not mirrored: it reads the same in every language.
const ticks = postcss.parse(ltr);
ticks.walkRules(/checkbox.*:before/, (rule) => rule.before(postcss.comment({ text: "rtl:ignore" })));
const css = new URL("../../css/", here);
writeFileSync(new URL("kern.css", css), header + ltr + "\n");
writeFileSync(new URL("kern-rtl.css", css), header + rtlcss.process(ticks.toString()) + "\n");
