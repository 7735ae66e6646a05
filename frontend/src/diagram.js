// Draws a process model and shows where a case stands in it.
//
// The page holds one element per diagram:
//   <div class="diagram" data-diagram="ID"></div>
// and the data in a JSON block, <script type="application/json" id="ID">, as Django's json_script writes it:
//   { "xml": "<definitions ...>"   or   "url": "/address/of/the/model",
//     "title": "...", "here": [{"node": "decide", "note": "..."}], "passed": ["start", "flow_1", "prepare"],
//     "labels": {"zoom_in": "...", "zoom_out": "...", "fit": "...", "here": "...", "failed": "..."} }
// Node ids are the net's: "call_or_subprocess/inner". The page's own list of steps is the accessible equal of the
// picture; the picture never carries anything that the list does not.
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";

import "bpmn-js/dist/assets/diagram-js.css";
import "bpmn-js/dist/assets/bpmn-js.css";
import "./diagram.css";

// A called process is drawn elsewhere: what happens inside it is shown on the activity that calls it.
function innermost(registry, qualifiedId) {
  let found;
  for (const part of qualifiedId.split("/")) {
    const element = registry.get(part);
    if (!element || (found && !isInside(element, found))) break;
    found = element;
  }
  return found;
}

function isInside(element, ancestor) {
  for (let parent = element.parent; parent; parent = parent.parent) {
    if (parent === ancestor) return true;
  }
  return false;
}

function button(label, sign, onClick) {
  const element = document.createElement("button");
  element.type = "button";
  element.setAttribute("aria-label", label);
  element.title = label;
  element.textContent = sign;
  element.addEventListener("click", onClick);
  return element;
}

function toolbar(viewer, labels) {
  const canvas = viewer.get("canvas");
  const zoomBy = (step) => viewer.get("zoomScroll").stepZoom(step);
  const bar = document.createElement("div");
  bar.className = "diagram-toolbar";
  bar.append(
    button(labels.zoom_in, "+", () => zoomBy(1)),
    button(labels.zoom_out, "−", () => zoomBy(-1)),
    button(labels.fit, "⤢", () => canvas.zoom("fit-viewport", "auto")),
  );
  return bar;
}

function note(text) {
  const element = document.createElement("div");
  element.className = "diagram-note";
  element.textContent = text;
  return element;
}

async function draw(container) {
  const data = JSON.parse(document.getElementById(container.dataset.diagram).textContent);
  const labels = data.labels ?? {};
  const surface = document.createElement("div");
  surface.className = "diagram-surface";
  container.append(surface);

  try {
    const xml = data.xml ?? (await fetchText(data.url));
    const viewer = new NavigatedViewer({ container: surface });
    await viewer.importXML(xml);
    const canvas = viewer.get("canvas");
    const registry = viewer.get("elementRegistry");
    canvas.zoom("fit-viewport", "auto");

    const svg = surface.querySelector("svg");
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", data.title ?? "");
    for (const id of data.passed ?? []) {
      const element = innermost(registry, id);
      if (element) canvas.addMarker(element, "diagram-passed");
    }
    const notes = new Map();
    for (const { node, note: text } of data.here ?? []) {
      const element = innermost(registry, node);
      if (!element) continue;
      canvas.addMarker(element, "diagram-here");
      notes.set(element.id, [...(notes.get(element.id) ?? []), text ?? labels.here ?? ""]);
    }
    for (const [id, texts] of notes) {
      const text = texts.filter(Boolean).join(", ");
      if (text) viewer.get("overlays").add(id, { position: { top: -26, left: 0 }, html: note(text) });
    }
    container.prepend(toolbar(viewer, labels));
    container.dataset.drawn = "true";
  } catch (error) {
    // The list of steps below the picture still says everything; the reader is told that the picture is missing.
    surface.replaceChildren(note(labels.failed ?? String(error.message)));
    container.dataset.drawn = "failed";
    console.error(error);
  }
}

async function fetchText(url) {
  const response = await fetch(url, { credentials: "same-origin" });
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response.text();
}

function drawAll(root) {
  for (const container of root.querySelectorAll("[data-diagram]:not([data-drawn])")) {
    container.dataset.drawn = "false";
    draw(container);
  }
}

drawAll(document);
// Parts of a page that htmx brings in later.
document.addEventListener("htmx:after:swap", () => drawAll(document));
document.addEventListener("htmx:afterSwap", () => drawAll(document));
