"use strict";
/* The demo's clock, and a mark on the tab of the chat that has news. */
(() => {
  const form = document.querySelector(".clock form"), face = document.querySelector(".face"), short = document.querySelector(".clock-short");
  const fault = form.querySelector(".fault"), buttons = form.querySelectorAll("button");
  const show = data => {
    if (!data.chu) return;
    face.textContent = data.chu;
    short.textContent = data.chu.split(", ").pop();
    if (document.activeElement !== form.luc) form.luc.value = data.luc;
  };
  const look = async () => {
    if (document.hidden || form.dataset.busy) return;
    try { show(await (await fetch("/demo/gio", { headers: { Accept: "application/json" } })).json()); } catch { /* next time */ }
  };
  form.addEventListener("submit", async e => {
    e.preventDefault();
    if (form.dataset.busy) return;
    form.dataset.busy = "1";
    const body = new URLSearchParams(new FormData(form));
    body.set("toi", e.submitter && e.submitter.value || "luc");
    fault.hidden = true;
    face.textContent = "Đang chuyển giờ…";
    for (const button of buttons) button.disabled = true;
    let data = { loi: "Chưa chuyển được giờ. Đồng chí thử lại." };
    try { data = await (await fetch("/demo/gio", { method: "POST", body, headers: { Accept: "application/json" } })).json(); } catch { /* told below */ }
    delete form.dataset.busy;
    for (const button of buttons) button.disabled = false;
    if (data.loi) { fault.textContent = data.loi; fault.hidden = false; await look(); } else { document.activeElement.blur(); show(data); }
  });
  setInterval(look, 20000);
  const tabs = { mine: "tab-mine", other: "tab-other" };
  for (const name in tabs) {
    const column = document.querySelector(".column." + name), radio = document.getElementById(tabs[name]);
    const label = document.querySelector(`[for=${tabs[name]}]`);
    if (!column) { label.hidden = true; continue; }
    column.addEventListener("news", () => { if (!radio.checked) label.classList.add("news"); });
    radio.addEventListener("change", () => {
      label.classList.remove("news");
      const scroll = column.querySelector(".scroll");
      scroll.scrollTop = scroll.scrollHeight;
    });
  }
})();
