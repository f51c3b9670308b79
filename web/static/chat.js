"use strict";
/* One chat: its lines, the stream of news, the field to write in, the photos and files to be sent. */
document.documentElement.classList.add("js");
const MAX_FILES = 10, MAX_BYTES = 20 * 1024 * 1024;

class Pane {
  constructor(el) {
    this.el = el;
    this.url = el.dataset.chat;
    this.last = el.dataset.last;
    this.find = s => el.querySelector(s);
    this.scroll = this.find(".scroll");
    this.lines = this.find(".lines");
    this.form = this.find(".composer");
    this.area = this.find("textarea");
    this.picker = this.find("input[type=file]");
    this.tray = this.find(".tray");
    this.state = this.find(".state");
    this.files = [];
    this.sender = new Sender(this);
    this.form.addEventListener("submit", e => { e.preventDefault(); this.say(); });
    this.area.addEventListener("keydown", e => this.typed(e));
    this.area.addEventListener("input", () => { this.grow(); this.keep(); });
    this.picker.addEventListener("change", () => this.choose());
    el.addEventListener("submit", e => this.picked(e));
    el.addEventListener("click", e => this.clicked(e));
    el.addEventListener("load", e => { if (e.target.tagName === "IMG" && this.stuck) this.bottom(); }, true);
    this.scroll.addEventListener("scroll", () => { this.stuck = this.near(); if (this.stuck) this.jump(false); }, { passive: true });
    const pin = this.find(".pin");
    if (navigator.geolocation && window.isSecureContext) { pin.hidden = false; pin.addEventListener("click", () => this.pin(pin)); }
    try { this.area.value = sessionStorage.getItem("nhap" + this.url) || ""; } catch { /* storage is off */ }
    this.grow();
    this.stuck = true;
    this.bottom();
    for (const wait of this.lines.querySelectorAll("[data-wait]")) this.ask(wait, 0);
    this.listen();
    document.addEventListener("visibilitychange", () => document.hidden ? this.deaf() : this.listen());
    window.addEventListener("pagehide", () => this.deaf());
    window.addEventListener("pageshow", () => this.listen());
    window.addEventListener("online", () => { this.listen(); this.sender.work(); });
    if (window.ResizeObserver) new ResizeObserver(() => { if (this.stuck) this.bottom(); }).observe(this.scroll);
  }

  // News

  listen() {
    if (this.source || document.hidden || this.el.dataset.past) return;
    const source = this.source = new EventSource(this.url + "/dong?sau=" + this.last);
    source.onmessage = e => { this.last = e.lastEventId; this.news(JSON.parse(e.data)); };
    source.onopen = () => { clearTimeout(this.worry); this.tell(""); };
    source.onerror = () => {
      clearTimeout(this.worry);
      this.worry = setTimeout(() => this.tell("Mạng đang yếu. Tin gửi đi vẫn được giữ và tự gửi lại."), 4000);
      if (source.readyState === EventSource.CLOSED) { this.deaf(); this.whoAmI(); setTimeout(() => this.listen(), 10000); }
    };
  }

  /* The stream was refused: perhaps the sign-in is over. */
  async whoAmI() {
    const answer = await fetch(this.url + "/tin/0", { headers: { Accept: "application/json" } }).catch(() => null);
    if (!answer || answer.status !== 401) return;
    clearTimeout(this.worry);
    this.tell("Đồng chí cần đăng nhập lại. ");
    const link = make("a", "", "Đăng nhập");
    link.href = "/dang-nhap";
    this.state.append(link);
  }

  deaf() { if (this.source) this.source.close(); this.source = null; }

  news(data) {
    const stuck = this.stuck;
    let added = false;
    for (const line of data.tin) added = this.put(line) || added;
    this.retire(data.menu);
    if (stuck) this.bottom(); else if (added) this.jump(true);
    if (added) this.el.dispatchEvent(new CustomEvent("news", { bubbles: true }));
  }

  /* A line of the server's: in place of ours with the same key, or at the end. */
  put(line) {
    const known = this.byKey(line.khoa);
    if (known && !known.dataset.own && !known.dataset.wait) return false;
    const holder = make("template");
    holder.innerHTML = line.html;
    const fresh = holder.content.querySelector("li");
    const empty = this.find(".empty");
    if (empty) empty.remove();
    if (known) {
      if (fresh.dataset.wait && known.querySelector("img")) {
        // Our own picture stays until the server's is there.
        known.classList.remove("sending");
        const note = known.querySelector(".note");
        if (note) note.remove();
        if (!known.dataset.wait) { known.dataset.wait = fresh.dataset.wait; this.ask(known, 0); }
        return false;
      }
      known.replaceWith(fresh);
    } else this.lines.append(fresh);
    this.day(fresh);
    if (fresh.dataset.wait) this.ask(fresh, 0);
    return !known;
  }

  byKey(key) { return this.lines.querySelector(`[data-key="${CSS.escape(key)}"]`); }

  day(line) {
    if (this.lines.querySelector(`.day[data-day="${line.dataset.day}"]`)) return;
    const day = make("li", "day");
    day.dataset.day = line.dataset.day;
    day.append(make("span", "", line.dataset.dayName));
    line.before(day);
  }

  /* Only the question that waits can be answered by a tap. */
  retire(menu) {
    for (const line of this.lines.querySelectorAll("[data-menu]"))
      if (Number(line.dataset.menu) !== menu)
        for (const button of line.querySelectorAll(".options button")) { button.disabled = true; button.classList.remove("picked"); }
  }

  /* A photo is being looked at on the server: ask again, a few times. */
  ask(line, tries) {
    if (tries >= 8 || !line.dataset.wait) return;
    setTimeout(async () => {
      if (!line.isConnected) return;
      try {
        const answer = await fetch(this.url + "/tin/" + line.dataset.wait, { headers: { Accept: "application/json" } });
        const [fresh] = (await answer.json()).tin;
        const holder = make("template");
        holder.innerHTML = fresh.html;
        const ready = holder.content.querySelector("li");
        if (!ready.dataset.wait) { const stuck = this.stuck; line.replaceWith(ready); if (stuck) this.bottom(); return; }
      } catch { /* asked again below */ }
      this.ask(line, tries + 1);
    }, [700, 1500, 3000, 5000, 10000, 20000, 40000, 60000][tries]);
  }

  async older(link) {
    const before = link.dataset.older;
    link.textContent = "Đang mở…";
    try {
      const answer = await fetch(this.url + "/cu?truoc=" + before, { headers: { Accept: "application/json" } });
      const data = await answer.json();
      const height = this.scroll.scrollHeight - this.scroll.scrollTop;
      const piece = document.createDocumentFragment();
      let day = "";
      for (const line of data.tin) {
        if (this.byKey(line.khoa)) continue;
        const holder = make("template");
        holder.innerHTML = line.html;
        const fresh = holder.content.querySelector("li");
        for (const button of fresh.querySelectorAll(".options button")) button.disabled = true;
        if (fresh.dataset.day !== day) {
          day = fresh.dataset.day;
          const mark = make("li", "day");
          mark.dataset.day = day;
          mark.append(make("span", "", fresh.dataset.dayName));
          piece.append(mark);
        }
        piece.append(fresh);
      }
      const first = this.lines.querySelector(".day");
      if (first && first.dataset.day === day) first.remove();
      this.lines.prepend(piece);
      this.scroll.scrollTop = this.scroll.scrollHeight - height;
      if (data.truoc) { link.dataset.older = data.truoc; link.textContent = "Xem tin cũ hơn"; } else link.parentElement.remove();
    } catch { link.textContent = "Chưa mở được, thử lại"; }
  }

  // Saying

  typed(e) {
    const desk = matchMedia("(pointer: fine)").matches;
    if (e.key === "Enter" && !e.shiftKey && !e.isComposing && e.keyCode !== 229 && desk) { e.preventDefault(); this.say(); }
  }

  say() {
    const text = this.area.value, files = this.files;
    if (!text.trim() && !files.length) { this.area.focus(); return; }
    if (files.length) {
      const album = files.length > 1 ? newId() : "";
      files.forEach((file, at) => this.sender.add({ file, album, text: at ? "" : text }));
    } else this.sender.add({ text });
    this.area.value = "";
    this.files = [];
    this.drawTray();
    this.grow();
    this.keep();
    this.area.focus();
  }

  picked(e) {
    const form = e.target;
    if (form === this.form) return;
    if (form.matches(".empty")) { e.preventDefault(); this.sender.add({ text: "?" }); return; }
    if (!form.matches(".options")) return;
    e.preventDefault();
    const button = e.submitter, line = form.closest("li");
    if (!button || form.dataset.busy) return;
    form.dataset.busy = "1";
    button.classList.add("picked");
    const label = button.textContent.replace(/^\s*\d+\.\s*/, "").trim();
    this.sender.add({ key: button.value, menu: Number(line.dataset.menu), text: label,
      after: () => setTimeout(() => { delete form.dataset.busy; button.classList.remove("picked"); }, 4000) });
  }

  pin(button) {
    button.disabled = true;
    this.tell("Đang lấy vị trí…");
    navigator.geolocation.getCurrentPosition(
      at => { button.disabled = false; this.tell(""); this.sender.add({ place: [at.coords.latitude, at.coords.longitude] }); },
      () => { button.disabled = false; this.tell("Chưa lấy được vị trí. Đồng chí cho phép trang dùng vị trí, hoặc gõ tên thôn, xã."); },
      { enableHighAccuracy: true, timeout: 20000 });
  }

  // Photos and files before they are sent

  choose() {
    for (const file of this.picker.files) {
      if (this.files.length >= MAX_FILES) { this.tell("Mỗi lần gửi tối đa 10 ảnh, tệp. Phần còn lại đồng chí gửi lần sau."); break; }
      if (file.size > MAX_BYTES) { this.tell(`${file.name} lớn quá 20 MB. Đồng chí chọn ảnh, tệp khác.`); continue; }
      this.files.push(file);
    }
    this.picker.value = "";
    this.drawTray();
    this.area.focus();
  }

  drawTray() {
    for (const img of this.tray.querySelectorAll("img")) URL.revokeObjectURL(img.src);
    this.tray.replaceChildren(...this.files.map(file => {
      const figure = make("figure"), drop = make("button", "", "×");
      let view = make("span", "plain", file.name);
      if (/^image\/(jpeg|png|webp|gif)/.test(file.type)) { view = make("img"); view.alt = file.name; view.src = URL.createObjectURL(file); }
      drop.type = "button";
      drop.setAttribute("aria-label", "Bỏ " + file.name);
      drop.addEventListener("click", () => { this.files = this.files.filter(f => f !== file); this.drawTray(); });
      figure.append(view, drop);
      return figure;
    }));
    this.tray.hidden = !this.files.length;
    this.area.placeholder = this.files.length ? "Ghi chú kèm theo…" : "Gõ tin…";
  }

  // Small things

  clicked(e) {
    const link = e.target.closest("[data-older]");
    if (link) { e.preventDefault(); this.older(link); }
  }
  near() { return this.scroll.scrollHeight - this.scroll.scrollTop - this.scroll.clientHeight < 80; }
  // A message longer than the screen is read from its beginning. Only this list is moved:
  // scrollIntoView would move the page, too, and leave half of a phone's screen empty.
  bottom() {
    const last = this.lines.lastElementChild, long = last && last.offsetHeight > this.scroll.clientHeight;
    if (long) this.scroll.scrollTop += last.getBoundingClientRect().top - this.scroll.getBoundingClientRect().top;
    else this.scroll.scrollTop = this.scroll.scrollHeight;
  }
  jump(show) {
    if (show && !this.jumper) {
      this.jumper = make("button", "jump main", "Tin mới ↓");
      this.jumper.type = "button";
      this.jumper.addEventListener("click", () => { this.stuck = true; this.bottom(); this.jump(false); });
      this.el.append(this.jumper);
    } else if (!show && this.jumper) { this.jumper.remove(); this.jumper = null; }
  }
  grow() { this.area.style.height = "auto"; this.area.style.height = Math.min(this.area.scrollHeight + 2, 150) + "px"; }
  keep() { try { sessionStorage.setItem("nhap" + this.url, this.area.value); } catch { /* storage is off */ } }
  tell(text) { this.state.textContent = text; this.state.hidden = !text; }
}

for (const el of document.querySelectorAll(".pane")) new Pane(el);
