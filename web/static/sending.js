"use strict";
/* What is said goes out one by one and is tried again until it arrives. Every message has an id made
   here, so that sending it twice has one effect. */
const WAITS = [1, 2, 4, 8, 15, 30];
const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), b => b.toString(16).padStart(2, "0")).join("");
const make = (tag, cls, text) => { const el = document.createElement(tag); if (cls) el.className = cls; if (text) el.textContent = text; return el; };

class Sender {
  constructor(pane) {
    this.pane = pane;
    this.queue = [];
  }

  /* Show it at once, and send it when its turn comes. */
  add(what) {
    what.id = newId();
    what.tries = 0;
    const line = what.line = make("li", "line in sending"), bubble = make("div", "bubble");
    line.dataset.own = "1";
    line.dataset.key = this.pane.el.dataset.mine + what.id;
    if (what.file) {
      const shots = make("div", "shots"), shot = make("span", "shot wait");
      if (/^image\/(jpeg|png|webp|gif)/.test(what.file.type)) {
        const img = make("img");
        img.alt = "Ảnh đang gửi: " + what.file.name;
        img.src = URL.createObjectURL(what.file);
        shot.classList.remove("wait");
        shot.append(img);
      } else shot.textContent = what.file.name;
      shots.append(shot);
      bubble.append(shots);
    }
    if (what.place) bubble.append(make("p", "place", "Vị trí của tôi"));
    if (what.text) { const p = make("p", "text", what.text); p.dir = "auto"; bubble.append(p); }
    what.note = make("p", "note", "Đang gửi…");
    bubble.append(what.note);
    line.append(bubble);
    const empty = this.pane.find(".empty");
    if (empty) empty.remove();
    this.pane.lines.append(line);
    this.pane.stuck = true;
    this.pane.bottom();
    this.queue.push(what);
    this.work();
  }

  async work() {
    if (this.working) { if (this.wake) this.wake(); return; }
    this.working = true;
    while (this.queue.length) {
      const what = this.queue[0];
      const { status, answer } = await this.post(what);
      if (status === 200) { this.queue.shift(); this.arrived(what); continue; }
      if (status >= 400 && status < 500 && status !== 408 && status !== 429) { this.queue.shift(); this.refused(what, status, answer); continue; }
      const seconds = WAITS[Math.min(what.tries++, WAITS.length - 1)];
      what.note.textContent = "Mạng yếu, sẽ tự gửi lại…";
      await new Promise(done => { this.wake = done; setTimeout(done, seconds * 1000); });
      this.wake = null;
    }
    this.working = false;
  }

  post(what) {
    return new Promise(done => {
      const request = new XMLHttpRequest();
      request.open("POST", this.pane.url + "/gui");
      request.setRequestHeader("Accept", "application/json");
      request.setRequestHeader("X-CSRF", this.pane.el.dataset.csrf);
      request.timeout = what.file ? 300000 : 30000;
      request.onloadend = () => { let answer = {}; try { answer = JSON.parse(request.responseText); } catch { /* no answer */ } done({ status: request.status, answer }); };
      if (what.file) {
        const body = new FormData();
        for (const name of ["id", "album", "text"]) if (what[name]) body.append(name, what[name]);
        body.append("anh", what.file, what.file.name);
        request.upload.onprogress = e => { if (e.total) what.note.textContent = `Đang gửi ${Math.round(100 * e.loaded / e.total)}%`; };
        request.send(body);
      } else {
        request.setRequestHeader("Content-Type", "application/json");
        request.send(JSON.stringify({ id: what.id, text: what.key ? undefined : what.text, key: what.key, menu: what.menu, place: what.place }));
      }
    });
  }

  arrived(what) {
    if (what.after) what.after();
    what.line.classList.remove("sending", "held");
    what.note.textContent = "Đã nhận";
    // The stream brings the server's own line; when it is quicker than this answer, it is there.
  }

  refused(what, status, answer) {
    if (what.after) what.after();
    what.line.classList.remove("sending");
    what.line.classList.add("held");
    what.note.textContent = answer.loi || "Tin này chưa gửi được.";
    if (status === 401) { const link = make("a", "", " Đăng nhập"); link.href = "/dang-nhap"; what.note.append(link); return; }
    const again = make("button", "", status === 403 ? "Tải lại trang" : "Gửi lại");
    again.type = "button";
    again.addEventListener("click", () => {
      if (status === 403) { if (what.text && !what.key) this.pane.area.value = what.text; this.pane.keep(); location.reload(); return; }
      what.line.classList.remove("held");
      what.note.textContent = "Đang gửi…";
      this.queue.push(what);
      this.work();
    });
    what.note.append(again);
  }
}
