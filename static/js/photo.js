// Of a picture's form: a click on the picture sets its focal point, the frame follows the numbers as they are typed or
// stepped with the arrow keys; and how many sizes are made is asked until all are. How a picture is cut: pixels.crop.
const ratio = 16 / 9;
const clamp = (value, most) => Math.min(Math.max(value, 0), most);
const set = (shape, values) => Object.entries(values).forEach(([name, value]) => shape.setAttribute(name, value));

// The theme writes the name of a chosen file into a text field of its own, which a plain file field has none of.
document.addEventListener("change", (event) => event.target.type === "file" && event.stopImmediatePropagation(), true);

function aim(stage, inputs) {
  const image = stage.querySelector("img");
  const frame = stage.querySelector("rect");
  const point = stage.querySelector("circle");

  function draw() {
    const [width, height] = [image.getAttribute("width"), image.getAttribute("height")].map(Number);
    const [x, y] = inputs.map((input, side) => (clamp(Number(input.value), 100) / 100) * [width, height][side]);
    const across = Math.min(width, height * ratio);
    const down = across / ratio;
    set(frame, { x: clamp(x - across / 2, width - across), y: clamp(y - down / 2, height - down), width: across, height: down });
    set(point, { cx: x, cy: y });
  }

  for (const input of inputs) input.addEventListener("input", draw);
  stage.addEventListener("click", (event) => {
    const box = image.getBoundingClientRect();
    inputs[0].value = Math.round(clamp(((event.clientX - box.left) / box.width) * 100, 100));
    inputs[1].value = Math.round(clamp(((event.clientY - box.top) / box.height) * 100, 100));
    for (const input of inputs) input.dispatchEvent(new Event("input", { bubbles: true }));
  });
  stage.classList.add("desk-aims");
  draw();
}

async function follow(progress) {
  if (progress.querySelector("[data-whole]")) return;
  const response = await fetch(progress.dataset.url, { redirect: "error" }).catch(() => null);
  const answer = response?.ok ? (await response.text()).trim() : "";
  if (answer && answer !== progress.innerHTML.trim()) progress.innerHTML = answer;
  setTimeout(follow, 2000, progress);
}

const stage = document.getElementById("focal");
const inputs = ["x", "y"].map((name) => document.getElementById(`id_focal_${name}`));
if (stage && inputs.every(Boolean)) aim(stage, inputs);
const progress = document.getElementById("progress");
if (progress) setTimeout(follow, 2000, progress);
