(() => {
  const form = document.getElementById("ask");
  const rows = [...document.querySelectorAll("#claims tbody tr")];
  const told = document.getElementById("told");
  const text = rows.map((row) => row.textContent.toLowerCase());
  const show = () => {
    const asked = new FormData(form);
    const words = asked.get("words").toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    rows.forEach((row, k) => {
      const fits = ["article", "verdict", "error", "checked"].every((key) => !asked.get(key) || row.dataset[key] === asked.get(key));
      const holds = words.every((word) => text[k].includes(word));
      row.hidden = !(fits && holds);
      if (!row.hidden) count += 1;
    });
    told.textContent = `${count} of ${rows.length} claims`;
  };
  const whole = () => { form.reset(); show(); };
  form.hidden = false;
  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  window.addEventListener("hashchange", () => {
    const row = document.getElementById(location.hash.slice(1));
    if (row && row.hidden) { whole(); row.scrollIntoView(); }
  });
  show();
})();
